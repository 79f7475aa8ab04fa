/**
 * The provider's market channel, as a stream of live data: subscribes to everything, so that
 * it also hears of markets that nobody has imported yet, and hands on every message as it came.
 * After each connection the provider sends whole books, so nothing stays missed.
 */
import type { StreamSink } from 'staleproof/source'
import { WebSocket } from 'ws'

const handshakeTimeoutMs = 5_000
const pingEveryMs = 10_000
const frameBytesMax = 16 * 1024 * 1024

export class QuoteStream {
  readonly #url: string
  #socket: WebSocket | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** Connects; returns what ends the connection. */
  open(sink: StreamSink): () => void {
    const socket = new WebSocket(this.#url, {
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: frameBytesMax,
    })
    const heartbeat = new Heartbeat(socket)
    let fault: Error | undefined
    this.#socket = socket
    socket.on('open', () => {
      subscribe(socket)
      heartbeat.start()
    })
    socket.on('message', (data) => {
      heartbeat.heard()
      const text = data.toString()
      if (text !== 'PONG') sink.rows(rowsOf(text))
    })
    socket.on('error', (error) => {
      fault = error
    })
    // A close always follows an error.
    socket.on('close', (code) => {
      heartbeat.stop()
      sink.lost(fault ?? new Error(`market channel closed with code ${code}`))
    })
    return () => {
      heartbeat.stop()
      socket.terminate()
    }
  }

  /** Asks for the books of all markets again, because some are known only now. */
  resubscribe(): void {
    const socket = this.#socket
    if (socket?.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ type: 'market', operation: 'unsubscribe' }))
    subscribe(socket)
  }
}

/** A silent connection may be dead: the one that left a ping unanswered is ended. */
class Heartbeat {
  readonly #socket: WebSocket
  #timer: NodeJS.Timeout | undefined
  #isAnswered = true

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), pingEveryMs)
  }

  heard(): void {
    this.#isAnswered = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    if (this.#isAnswered) this.#socket.send('PING')
    else this.#socket.terminate()
    this.#isAnswered = false
  }
}

function subscribe(socket: WebSocket): void {
  socket.send(JSON.stringify({ type: 'market' }))
}

/** A frame holds one message or a list of them. What is no JSON is a row that can't be used. */
function rowsOf(text: string): readonly unknown[] {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) ? frame : [frame]
  } catch {
    return [text]
  }
}
