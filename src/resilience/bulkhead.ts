/**
 * At most so many calls at a time, and at most so many that wait for their turn. The most
 * urgent wait in front. When the line is full, a more urgent newcomer takes the place of a
 * less urgent one; otherwise it is refused.
 */
import { Chain, type Link } from '../base/chain.ts'
import { Deferred } from '../base/deferred.ts'

/** Reads are waited for; a refresh has an old value to fall back on. The most urgent first. */
export const priorities = ['read', 'warm', 'refresh'] as const
export type Priority = (typeof priorities)[number]

export function isMoreUrgent(one: Priority, other: Priority): boolean {
  return priorities.indexOf(one) < priorities.indexOf(other)
}

export interface BulkheadLimits {
  readonly concurrency: number
  readonly queue: number
}

/** What a call holds from its arrival to its end. */
export interface Place {
  /** Undefined: it may begin now. Else resolves: true, it may; false, it was pushed out. */
  readonly turn: Promise<boolean> | undefined
  /** Somebody more urgent waits for it too. */
  raise(priority: Priority): void
  /** Gives the place back, waiting or not. Idempotent. */
  leave(): void
}

export class Bulkhead {
  readonly #limits: BulkheadLimits
  readonly #lines: Readonly<Record<Priority, Chain<Held>>> = {
    read: new Chain(),
    warm: new Chain(),
    refresh: new Chain(),
  }
  #running = 0
  #waiting = 0

  constructor(limits: BulkheadLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Undefined: there is no room for it. */
  enter(priority: Priority): Place | undefined {
    if (this.#running < this.#limits.concurrency) {
      this.#running++
      return new Held(this, 'in', priority)
    }
    if (this.#waiting >= this.#limits.queue && !this.#pushOut(priority)) return undefined
    this.#waiting++
    const place = new Held(this, 'waiting', priority)
    this.#lines[priority].add(place)
    return place
  }

  /** For its places. */
  raise(place: Held, to: Priority): void {
    if (place.state !== 'waiting' || !isMoreUrgent(to, place.priority)) return
    this.#lines[place.priority].delete(place)
    place.priority = to
    this.#lines[to].add(place)
  }

  /** For its places. */
  leave(place: Held): void {
    const { state } = place
    place.state = 'out'
    if (state === 'waiting') this.#drop(place)
    if (state === 'in') this.#callNext()
  }

  #drop(place: Held): void {
    this.#lines[place.priority].delete(place)
    this.#waiting--
  }

  #callNext(): void {
    for (const priority of priorities) {
      const next = this.#lines[priority].first
      if (next === undefined) continue
      this.#drop(next)
      next.state = 'in'
      next.called?.resolve(true)
      return
    }
    this.#running--
  }

  /** The longest waiting of the least urgent: it is the next to run out of time anyway. */
  #pushOut(priority: Priority): boolean {
    for (const other of [...priorities].reverse()) {
      if (other === priority) return false
      const shed = this.#lines[other].first
      if (shed === undefined) continue
      this.#drop(shed)
      shed.state = 'out'
      shed.called?.resolve(false)
      return true
    }
    return false
  }
}

class Held implements Place, Link<Held> {
  chain: Chain<Held> | undefined
  previous: Held | undefined
  next: Held | undefined
  readonly #bulkhead: Bulkhead
  readonly called: Deferred<boolean> | undefined
  state: 'waiting' | 'in' | 'out'
  priority: Priority

  constructor(bulkhead: Bulkhead, state: 'in' | 'waiting', priority: Priority) {
    this.#bulkhead = bulkhead
    this.called = state === 'in' ? undefined : new Deferred<boolean>()
    this.state = state
    this.priority = priority
  }

  get turn(): Promise<boolean> | undefined {
    return this.called?.promise
  }

  raise(to: Priority): void {
    this.#bulkhead.raise(this, to)
  }

  leave(): void {
    this.#bulkhead.leave(this)
  }
}
