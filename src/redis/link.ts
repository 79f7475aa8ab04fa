/**
 * One physical connection to Redis, from dialling to its end. It lives once:
 *
 *   dialling ── handshake done ──▶ open ──▶ closed
 *      └──────── any fault, or the deadline ──▶ closed
 *
 * Behind it is one ioredis object that never retries, queues or resends; a new
 * connection is a new link, so nothing of an old one can be taken for new. Closing
 * destroys the socket: a peer that has vanished is not waited for.
 */
import '../base/fast-texts.ts'
import { Redis } from 'ioredis'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { type Identity, identify } from './handshake.ts'
import type { OwnRedisOptions } from './redis-options.ts'

/** How long `ended` waits for the operating system to report a destroyed socket closed. */
const SOCKET_CLOSE_MS_MAX = 1000

/** A link whose server has been identified. */
export interface OpenLink extends Identity {
  readonly redis: Redis
}

/** Both are called synchronously; `closed` once, whether or not it was ever open. */
export interface LinkEvents {
  opened(link: OpenLink): void
  closed(reason: string): void
}

export interface LinkOptions {
  readonly options: OwnRedisOptions
  readonly clock: Clock
  /** For all of dialling: name resolution, connecting, authentication and handshake. */
  readonly connectTimeoutMs: number
  readonly isCluster: boolean
}

export class Link {
  readonly #redis: Redis
  readonly #clock: Clock
  readonly #events: LinkEvents
  readonly #deadline: Timer
  readonly #ended: Promise<void>
  #closed = false

  constructor(link: LinkOptions, events: LinkEvents) {
    const { options, clock, connectTimeoutMs, isCluster } = link
    this.#clock = clock
    this.#events = events
    this.#redis = new Redis(options)
    this.#ended = new Promise((resolve) => this.#redis.once('end', resolve))
    const late = `not connected within ${connectTimeoutMs} ms`
    this.#deadline = clock.timer(connectTimeoutMs, () => this.close(late), 'background')
    this.#redis.on('error', (error) => this.close(textOf(error)))
    this.#redis.once('end', () => this.close('connection closed'))
    this.#redis.once('connect', () => this.#watchSocket())
    void this.#dial(isCluster)
  }

  /** Ends the link now, at most once. */
  close(reason: string): void {
    if (this.#closed) return
    this.#closed = true
    this.#deadline.cancel()
    // Ends what ioredis may still be doing: asking a Sentinel, listening to it.
    this.#redis.disconnect()
    // Undefined until there is a socket, whatever the declaration says.
    const socket: Redis['stream'] | undefined = this.#redis.stream
    socket?.destroy()
    this.#events.closed(reason)
  }

  /** When nothing of a closed link is left. */
  ended(): Promise<void> {
    if (this.#redis.status === 'end') return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#clock.timer(SOCKET_CLOSE_MS_MAX, resolve)
      void this.#ended.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  async #dial(isCluster: boolean): Promise<void> {
    try {
      await this.#redis.connect()
      const identity = await identify(this.#redis, isCluster)
      if (this.#closed) return
      this.#deadline.cancel()
      this.#events.opened({ redis: this.#redis, ...identity })
    } catch (error) {
      this.close(textOf(error))
    }
  }

  /** The peer's end of stream is the end, though our side could still be flushing. */
  #watchSocket(): void {
    this.#redis.stream.once('end', () => this.close('connection closed by the server'))
    this.#redis.stream.once('close', () => this.close('connection closed'))
  }
}

/** Failed dialling of several addresses has no message, only a code. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
