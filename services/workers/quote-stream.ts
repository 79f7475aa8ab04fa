/**
 * The provider's market channel: subscribes to every YES token, hands on what it hears, and comes
 * back by itself. After each reconnection the provider sends whole books, so nothing stays missed.
 */
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Quote } from '../domain/price.ts'
import { backoffMs } from '../process/backoff.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { marketMessageSchema } from '../upstream/client-types.ts'
import type { MarketIndex } from './market-index.ts'
import { quoteOf } from './quote-of.ts'

export interface QuoteStreamOptions {
  readonly url: string
  readonly index: MarketIndex
  readonly log: ServiceLogger
  readonly onQuotes: (quotes: readonly Quote[]) => void
}

const reconnect = { firstMs: 250, maxMs: 15_000 }
const handshakeTimeoutMs = 5_000
const pingEveryMs = 10_000
const frameBytesMax = 16 * 1024 * 1024
const frame = z.union([z.array(z.unknown()), z.unknown().transform((message) => [message])])

export class QuoteStream {
  readonly #options: QuoteStreamOptions
  #socket: WebSocket | undefined
  #retry: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #attempt = 0
  #isClosed = false
  #isAnswered = true
  /** Messages that were no valid message; a number to watch, never a reason to stop. */
  #skipped = 0

  constructor(options: QuoteStreamOptions) {
    this.#options = options
    this.#connect()
  }

  get isUp(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  get skipped(): number {
    return this.#skipped
  }

  /** After an import of markets: tells the provider of all tokens again. */
  subscribe(): void {
    if (!this.isUp) return
    const subscription = { type: 'market', assets_ids: this.#options.index.tokenIds }
    this.#socket?.send(JSON.stringify(subscription))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    clearInterval(this.#heartbeat)
    this.#socket?.terminate()
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, {
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: frameBytesMax,
    })
    this.#socket = socket
    socket.on('open', () => this.#opened())
    socket.on('message', (data) => this.#hear(data.toString()))
    // A close always follows an error, and says all that matters here.
    socket.on('error', () => undefined)
    socket.on('close', (code) => this.#lost(code))
  }

  #opened(): void {
    this.#options.log.info({ attempt: this.#attempt }, 'market channel open')
    this.#attempt = 0
    this.#isAnswered = true
    this.subscribe()
    this.#heartbeat = setInterval(() => this.#beat(), pingEveryMs)
  }

  /** A silent connection may be dead: the one that left a ping unanswered is ended. */
  #beat(): void {
    if (this.#isAnswered) this.#socket?.send('PING')
    else this.#socket?.terminate()
    this.#isAnswered = false
  }

  #lost(code: number): void {
    clearInterval(this.#heartbeat)
    if (this.#isClosed) return
    const pauseMs = backoffMs(reconnect, this.#attempt)
    const level = this.#attempt === 0 ? 'warn' : 'debug'
    this.#options.log[level]({ code, pauseMs }, 'market channel lost')
    this.#attempt += 1
    this.#retry = setTimeout(() => this.#connect(), pauseMs)
  }

  #hear(text: string): void {
    this.#isAnswered = true
    if (text === 'PONG') return
    const quotes: Quote[] = []
    for (const message of this.#messagesOf(text)) {
      const parsed = marketMessageSchema.safeParse(message)
      const quote = parsed.success ? quoteOf(parsed.data, this.#options.index) : undefined
      if (!parsed.success) this.#skipped += 1
      else if (quote !== undefined) quotes.push(quote)
    }
    if (quotes.length > 0) this.#options.onQuotes(quotes)
  }

  #messagesOf(text: string): unknown[] {
    try {
      return frame.parse(JSON.parse(text))
    } catch {
      // Not JSON: counted like any other message that can't be used.
      this.#skipped += 1
      return []
    }
  }
}
