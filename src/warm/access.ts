/**
 * What callers read, told to whoever learns from it. The cache is observed only while somebody
 * listens, and reads that warm are left out: they would be evidence of themselves.
 */
import type { CacheMethods } from '../core/cache.ts'
import type { Clock } from '../core/contracts/clock.ts'
import type { CacheEvent, Observer, Outcome } from '../core/outcome.ts'
import { BusyMeter } from './busy-meter.ts'

/** A key was read. */
export interface Access {
  readonly family: string
  readonly id: unknown
  /** The key text. */
  readonly key: string
  /** The group that it belongs to, such as a user. */
  readonly who: string | undefined
  /** How many it stands for. */
  readonly weight: number
  /** Undefined: the cache did not see it, somebody said so (`note`). */
  readonly outcome: Outcome<unknown> | undefined
  /** On the monotonic clock. */
  readonly atMs: number
}

export type AccessListener = (access: Access) => void

export interface AccessFeedParts {
  readonly cache: Pick<CacheMethods, 'observe'>
  readonly clock: Clock
  readonly who: (family: string, id: unknown) => string | undefined
  /** One memory hit in so many. */
  readonly hits: number
}

export class AccessFeed implements Observer {
  readonly hits: number
  /** What listening costs. */
  readonly busy: BusyMeter
  readonly #parts: AccessFeedParts
  readonly #listeners = new Set<AccessListener>()
  #stop: (() => void) | undefined

  constructor(parts: AccessFeedParts) {
    this.#parts = parts
    this.hits = parts.hits
    this.busy = new BusyMeter(parts.clock)
  }

  /** Returns a function that ends it. */
  listen(listener: AccessListener): () => void {
    this.#listeners.add(listener)
    this.#stop ??= this.#parts.cache.observe(this)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.close()
    }
  }

  notify(event: CacheEvent): void {
    if (event.kind !== 'read' || event.priority !== 'read') return
    const { family, id, key, weight, outcome } = event
    const who = this.#parts.who(family, id)
    this.tell({ family, id, key, who, weight, outcome, atMs: this.#parts.clock.now() })
  }

  tell(access: Access): void {
    for (const listener of this.#listeners) listener(access)
    this.busy.workedSince(access.atMs)
  }

  close(): void {
    this.#listeners.clear()
    this.#stop?.()
    this.#stop = undefined
  }
}
