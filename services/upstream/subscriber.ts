// One client of the market channel: what it follows, and its bounded way out. One that does not
// read is dropped with a code of its own: what it missed cannot be made up, so it must come again
// and start from fresh books.
import { WebSocket } from 'ws'
import type { Subscription } from './client-types.ts'
import type { EncodedMessage } from './market-messages.ts'

/** Close code: the client reads more slowly than the market moves. */
export const SLOW_CLIENT = 4008
/** Close code: the client sent what is no subscription. */
export const BAD_MESSAGE = 4000

/** How long a client that is told to go may take to do so. */
const FAREWELL_MS = 2_000
const MESSAGES_PER_FRAME_MAX = 200

export class Subscriber {
  readonly #socket: WebSocket
  readonly #bufferBytesMax: number
  readonly #onDrop: () => void
  readonly #tokens = new Set<string>()
  #followsAll = false

  constructor(
    socket: WebSocket,
    { bufferBytesMax, onDrop }: { bufferBytesMax: number; onDrop: () => void },
  ) {
    this.#socket = socket
    this.#bufferBytesMax = bufferBytesMax
    this.#onDrop = onDrop
  }

  /** Takes over a subscription; true for the tokens that are new to this client. */
  follow({ assets_ids: tokens, operation }: Subscription): (tokenId: string) => boolean {
    if (operation === 'unsubscribe') {
      if (tokens === undefined) this.#followsAll = false
      for (const token of tokens ?? []) this.#tokens.delete(token)
      return () => false
    }
    const known = new Set(this.#tokens)
    const knewAll = this.#followsAll
    if (tokens === undefined) this.#followsAll = true
    for (const token of tokens ?? []) this.#tokens.add(token)
    return (token) => !knewAll && !known.has(token) && this.#follows(token)
  }

  /**
   * Sends those of the messages that the client follows, a few hundred to a frame. The bound holds
   * for what waits before: all the books of a new subscription may be more than it.
   */
  tell(messages: readonly EncodedMessage[]): void {
    const wanted = messages.filter(({ tokenIds }) => tokenIds.some((id) => this.#follows(id)))
    if (wanted.length === 0 || !this.#isReady()) return
    for (let from = 0; from < wanted.length; from += MESSAGES_PER_FRAME_MAX) {
      const frame = wanted.slice(from, from + MESSAGES_PER_FRAME_MAX)
      this.#socket.send(`[${frame.map(({ json }) => json).join(',')}]`)
    }
  }

  /** Answers a client that asks whether anybody is there. */
  pong(): void {
    if (this.#isReady()) this.#socket.send('PONG')
  }

  /** Says why and ends the connection, also when the client does not answer. */
  drop(code: number, reason: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#onDrop()
    this.#socket.close(code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), FAREWELL_MS)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  /** False, and the end of a slow client, when too much waits for it already. */
  #isReady(): boolean {
    if (this.#socket.bufferedAmount > this.#bufferBytesMax) {
      this.drop(SLOW_CLIENT, 'reads too slowly')
    }
    return this.#socket.readyState === WebSocket.OPEN
  }

  #follows(tokenId: string): boolean {
    return this.#followsAll || this.#tokens.has(tokenId)
  }
}
