// The WebSocket market channel, `/ws/market`. Clients subscribe by token (`assets_ids`) or, without
// a list, to everything; they get the whole books first and then every change. `PING` as text is
// answered by `PONG`; a connection that does not answer the protocol's own ping is ended.
import type { Server } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { subscriptionSchema } from './client-types.ts'
import { bookMessage, type EncodedMessage, moveMessages, tradeMessage } from './market-messages.ts'
import type { Venue } from './routes.ts'
import { BAD_MESSAGE, Subscriber } from './subscriber.ts'

export const MARKET_PATH = '/ws/market'
/** What may wait for one client: several seconds of a busy market. */
export const BUFFER_BYTES_MAX = 16 * 1024 * 1024
export const CLIENTS_MAX = 200
/** A subscription to every token of some thousand markets. */
const MESSAGE_BYTES_MAX = 2 * 1024 * 1024
const HEARTBEAT_MS = 30_000
const TRY_AGAIN_LATER = 1013
const GOING_AWAY = 1001

export class MarketSocket {
  readonly #venue: Venue
  readonly #server: WebSocketServer
  readonly #bufferBytesMax: number
  readonly #subscribers = new Map<WebSocket, Subscriber>()
  readonly #silent = new WeakSet<WebSocket>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #stops: readonly (() => void)[]
  #dropped = 0

  constructor(
    venue: Venue,
    { http, bufferBytesMax = BUFFER_BYTES_MAX }: { http: Server; bufferBytesMax?: number },
  ) {
    this.#venue = venue
    this.#bufferBytesMax = bufferBytesMax
    this.#server = new WebSocketServer({
      server: http,
      path: MARKET_PATH,
      maxPayload: MESSAGE_BYTES_MAX,
    })
    this.#server.on('connection', (socket) => this.#welcome(socket))
    this.#heartbeat = setInterval(() => this.#ping(), HEARTBEAT_MS)
    this.#stops = [
      venue.exchange.onMoves((moves) => this.#tell(() => moves.flatMap(moveMessages))),
      venue.desk.onTrade((trade) => this.#tell(() => [tradeMessage(trade)])),
    ]
  }

  /** Connections open now, and how many were dropped for a reason of ours. */
  get counts(): { open: number; dropped: number } {
    return { open: this.#subscribers.size, dropped: this.#dropped }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const stop of this.#stops) stop()
    for (const subscriber of this.#subscribers.values()) subscriber.drop(GOING_AWAY, 'closing')
    this.#server.close()
  }

  #welcome(socket: WebSocket): void {
    const onDrop = () => {
      this.#dropped += 1
    }
    const subscriber = new Subscriber(socket, { bufferBytesMax: this.#bufferBytesMax, onDrop })
    // An error is always followed by a close, and the client's troubles are not ours to report.
    socket.on('error', () => undefined)
    if (this.#subscribers.size >= CLIENTS_MAX) {
      subscriber.drop(TRY_AGAIN_LATER, 'too many clients')
      return
    }
    this.#subscribers.set(socket, subscriber)
    socket.on('pong', () => this.#silent.delete(socket))
    socket.on('message', (data) => this.#hear(subscriber, data))
    socket.once('close', () => this.#subscribers.delete(socket))
  }

  #hear(subscriber: Subscriber, data: RawData): void {
    const text = String(data)
    if (text === 'PING') {
      subscriber.pong()
      return
    }
    const parsed = subscriptionSchema.safeParse(decoded(text))
    if (!parsed.success) {
      subscriber.drop(BAD_MESSAGE, 'expected PING or a subscription')
      return
    }
    const isNew = subscriber.follow(parsed.data)
    subscriber.tell(this.#books(isNew))
  }

  #books(isWanted: (tokenId: string) => boolean): EncodedMessage[] {
    const { exchange } = this.#venue
    const books: EncodedMessage[] = []
    for (const market of exchange.markets) {
      const quote = exchange.quote(market)
      for (const outcomeIndex of [0, 1] as const) {
        if (!isWanted(market.tokenIds[outcomeIndex])) continue
        books.push(bookMessage(market, quote, outcomeIndex))
      }
    }
    return books
  }

  /** Nothing is written out while nobody listens. */
  #tell(encode: () => readonly EncodedMessage[]): void {
    if (this.#subscribers.size === 0) return
    const messages = encode()
    for (const subscriber of this.#subscribers.values()) subscriber.tell(messages)
  }

  #ping(): void {
    for (const socket of this.#subscribers.keys()) {
      if (this.#silent.has(socket)) socket.terminate()
      this.#silent.add(socket)
      socket.ping()
    }
  }
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema refuses it.
    return undefined
  }
}
