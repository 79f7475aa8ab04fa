/**
 * Gathers what a partition is to be told, so that many invalidations are one script call and
 * one message: all of a tick but its first, which leaves at once, or all of the time that
 * `coalesce` names.
 *
 *   say ──▶ batch of the same reason ──▶ carried out once ──▶ its answer to everybody in it
 *
 * A message has one reason, and so has a batch: what observers and receipts say stays true.
 * What is said of a key is said in the order of the calls: a batch in which it waits with
 * another reason leaves first. Nobody is answered before the server has answered, so the
 * promise counts from then as ever; who waits, waits longer by the window.
 */
import { Deferred } from '../base/deferred.ts'
import { idOfWish, mergeWishes, tokensMax, type Wish } from '../coherence/index.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { invalidateKeysMax } from './courier.ts'
import { raiseTagsMax, type Saying } from './send-wishes.ts'

/** Batches of one partition that wait side by side, each for a reason. */
export const openMax = 16

export interface CoalescerOptions<T> {
  readonly clock: Clock
  /** How long the first of a batch waits; 0: until the end of the tick. */
  readonly windowMs: number
  /** Says it at once; rejects only with faults of ours. */
  readonly carryOut: (saying: Saying) => Promise<T>
}

export class Coalescer<T> {
  readonly #options: CoalescerOptions<T>
  /** In the order in which they were opened. */
  readonly #open = new Set<Batch<T>>()
  /** The first of this tick has left. */
  #hasBegun = false

  constructor(options: CoalescerOptions<T>) {
    this.#options = options
  }

  /** All wishes are of one kind; what became of the batch that they are in. */
  say(saying: Saying): Promise<T> {
    const { clock, windowMs, carryOut } = this.#options
    if (windowMs === 0 && !this.#hasBegun && this.#open.size === 0) {
      this.#hasBegun = true
      const carried = carryOut(saying)
      clock.endOfTick(this.#tickEnded)
      return carried
    }
    const batch = this.#open.size === 0 ? this.#openFor(saying) : this.#batchFor(saying)
    if (batch.isFull) this.#send(batch)
    // A write has ended: its caller goes on at once, and so must its release.
    else if (windowMs > 0 && saying.wishes.some(releases)) {
      clock.endOfTick(() => this.#send(batch))
    }
    return batch.done.promise
  }

  /** What waits is sent now: of one partition, or of all. */
  hurry(partition?: number): void {
    for (const batch of this.#open) {
      if (partition === undefined || batch.partition === partition) this.#send(batch)
    }
  }

  readonly #tickEnded = (): void => {
    this.#hasBegun = false
  }

  /** What it is in now. */
  #batchFor(saying: Saying): Batch<T> {
    const besides = [...this.#open].filter(({ partition }) => partition === saying.partition)
    const fitting = besides.find((batch) => batch.takes(saying))
    for (const batch of besides) {
      if (batch !== fitting && batch.isBefore(saying)) this.#send(batch)
    }
    if (fitting !== undefined) {
      fitting.add(saying)
      return fitting
    }
    const [oldest] = besides
    if (oldest !== undefined && besides.length >= openMax) this.#send(oldest)
    return this.#openFor(saying)
  }

  #openFor(saying: Saying): Batch<T> {
    const { clock, windowMs } = this.#options
    const batch = new Batch<T>(saying)
    this.#open.add(batch)
    if (windowMs === 0) clock.endOfTick(() => this.#send(batch))
    else batch.timer = clock.timer(windowMs, () => this.#send(batch))
    return batch
  }

  /** Once; whoever comes later opens another one. */
  #send(batch: Batch<T>): void {
    if (!this.#open.delete(batch)) return
    batch.timer?.cancel()
    batch.done.resolve(this.#options.carryOut(batch.saying))
  }
}

class Batch<T> {
  readonly done: Deferred<T> = new Deferred()
  timer: Timer | undefined
  readonly #first: Saying
  /** All by their ids, from the second saying on: mostly there is one. */
  #merged: Map<string, Wish> | undefined

  constructor(first: Saying) {
    this.#first = first
  }

  get partition(): number {
    return this.#first.partition
  }

  get saying(): Saying {
    if (this.#merged === undefined) return this.#first
    const { partition, reason } = this.#first
    return { partition, reason, wishes: [...this.#merged.values()] }
  }

  get isFull(): boolean {
    return this.#size >= this.#most
  }

  add({ wishes }: Saying): void {
    for (const wish of wishes) {
      const id = idOfWish(wish)
      const known = this.#wishes.get(id)
      this.#wishes.set(id, known === undefined ? wish : mergeWishes(known, wish))
    }
  }

  /** It is of the same kind and reason, there is room for it, and nothing of it would be lost. */
  takes(saying: Saying): boolean {
    if (!this.#isLike(saying)) return false
    if (this.#size + saying.wishes.length > this.#most) return false
    return saying.wishes.every((wish) => {
      const known = this.#wishes.get(idOfWish(wish))
      return known === undefined || tokenCount(known) + tokenCount(wish) <= tokensMax
    })
  }

  /** It has to leave before this is said: it is full for it, or something is in both. */
  isBefore(saying: Saying): boolean {
    if (this.#isLike(saying)) return true
    return saying.wishes.some((wish) => this.#wishes.has(idOfWish(wish)))
  }

  #isLike({ wishes, reason }: Saying): boolean {
    return reason === this.#first.reason && wishes[0]?.kind === this.#kind
  }

  get #wishes(): Map<string, Wish> {
    this.#merged ??= new Map(this.#first.wishes.map((wish) => [idOfWish(wish), wish]))
    return this.#merged
  }

  get #size(): number {
    return this.#merged?.size ?? this.#first.wishes.length
  }

  get #kind(): Wish['kind'] | undefined {
    return this.#first.wishes[0]?.kind
  }

  get #most(): number {
    return this.#kind === 'key' ? invalidateKeysMax : raiseTagsMax
  }
}

function releases(wish: Wish): boolean {
  return tokenCount(wish) > 0
}

function tokenCount(wish: Wish): number {
  return wish.kind === 'key' ? wish.ask.tokens.length : 0
}
