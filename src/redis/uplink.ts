/**
 * Keeps one link to Redis alive: when it ends, for whatever reason, the next one is
 * dialled after a pause that doubles from 50 ms to 1 s, with jitter so that a fleet
 * does not return in step. A link that lasted resets the pause.
 */
import type { Chance, Clock, Timer } from '../core/contracts/clock.ts'
import { Link, type LinkEvents } from './link.ts'
import type { OwnRedisOptions } from './redis-options.ts'

export const RETRY_MS_MIN = 50
export const RETRY_MS_MAX = 1000

export interface UplinkOptions {
  readonly options: OwnRedisOptions
  readonly clock: Clock
  readonly chance: Chance
  readonly connectTimeoutMs: number
  /** Of its nodes more must be asked to know who they are. */
  readonly isCluster: boolean
}

export class Uplink {
  readonly #uplink: UplinkOptions
  readonly #events: LinkEvents
  #link: Link | undefined
  #retry: Timer | undefined
  #failures = 0
  #openedMs: number | undefined
  #closed = false

  constructor(options: UplinkOptions, events: LinkEvents) {
    this.#uplink = options
    this.#events = events
  }

  open(): void {
    if (!this.#closed && this.#link === undefined) this.#dial()
  }

  /** Ends the present link at once; `closed` is told before this returns. */
  reconnect(reason: string): void {
    this.#link?.close(reason)
  }

  /** No event after this; resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#closed = true
    this.#retry?.cancel()
    const link = this.#link
    link?.close('closed by this process')
    await link?.ended()
  }

  #dial(): void {
    this.#link = new Link(this.#uplink, {
      opened: (link) => {
        this.#openedMs = this.#uplink.clock.now()
        this.#events.opened(link)
      },
      closed: (reason) => this.#linkClosed(reason),
    })
  }

  #linkClosed(reason: string): void {
    if (this.#closed) return
    this.#link = undefined
    const { clock, chance } = this.#uplink
    if (this.#openedMs !== undefined && clock.now() - this.#openedMs > RETRY_MS_MAX) {
      this.#failures = 0
    }
    this.#openedMs = undefined
    const delayMs = retryDelayMs(this.#failures++, chance.unit())
    this.#retry = clock.timer(delayMs, () => this.#dial(), 'background')
    this.#events.closed(reason)
  }
}

/** Anywhere between half of the pause and all of it. */
export function retryDelayMs(failures: number, unit: number): number {
  const pauseMs = Math.min(RETRY_MS_MAX, 2 * RETRY_MS_MIN * 2 ** failures)
  return pauseMs * (0.5 + unit / 2)
}
