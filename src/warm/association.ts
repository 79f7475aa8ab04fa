/**
 * What is read soon after what, counted while it is read, in bounded room. After `a`, the share
 * of times that `b` was read is believed only as far as it was seen: two times without it are
 * counted in advance, so that a single coincidence predicts nothing.
 *
 * Counts are halved when a key has been read often, so that habits may change. Windows of one
 * and eight reads and contexts of two reads were measured as well: docs/prediction.md.
 */
import { dropOldest } from '../base/drop-oldest.ts'

/** Something that is known by its key. */
export interface Readable {
  readonly key: string | number
}

/** Keys whose followers are counted; those that were not read for longest are forgotten. */
export const itemsMax = 8_192
/** Followers that are counted for each of them. */
export const followersMax = 8
/** Reads of a key after which its counts are halved. */
const occurrencesMax = 64
const doubt = 2
const confidenceMin = 0.5
const none: readonly never[] = []

interface Follower<T> {
  item: T
  times: number
}

interface Counted<T> {
  occurrences: number
  readonly followers: Follower<T>[]
  /** None of them has come more often: most keys have none that could be expected. */
  timesMost: number
}

export class Association<T extends Readable> {
  /** The one read last is the last. */
  readonly #records = new Map<T['key'], Counted<T>>()

  get size(): number {
    return this.#records.size
  }

  /** `later` was read soon after `earlier`. */
  follow(earlier: T, later: T): void {
    const record = this.#records.get(earlier.key)
    if (record === undefined) return
    const { followers } = record
    const known = followers.find(({ item }) => item.key === later.key)
    const times = known === undefined ? 1 : ++known.times
    record.timesMost = Math.max(record.timesMost, times)
    if (known !== undefined) return
    if (followers.length < followersMax) followers.push({ item: later, times })
    else replaceRarest(followers, later)
  }

  /** What is likely to be read soon after it, by what came after it until now. */
  expectedAfter({ key }: T): readonly T[] {
    const record = this.#records.get(key)
    if (record === undefined) return none
    const timesMin = confidenceMin * (record.occurrences + doubt)
    if (record.timesMost < timesMin) return none
    const likely: T[] = []
    for (const { item, times } of record.followers) if (times >= timesMin) likely.push(item)
    return likely
  }

  /** It was read. What follows is counted from now on. */
  occurred({ key }: T): void {
    const record = this.#records.get(key) ?? { occurrences: 0, followers: [], timesMost: 0 }
    this.#records.delete(key)
    this.#records.set(key, record)
    if (++record.occurrences >= occurrencesMax) halve(record)
    if (this.#records.size > itemsMax) dropOldest(this.#records)
  }
}

/** It loses one of its times first: what comes once can't push out what comes often. */
function replaceRarest<T>(followers: readonly Follower<T>[], later: T): void {
  const rarest = followers.reduce((best, each) => (each.times < best.times ? each : best))
  if (--rarest.times > 0) return
  rarest.item = later
  rarest.times = 1
}

function halve<T>(record: Counted<T>): void {
  record.occurrences /= 2
  record.timesMost /= 2
  for (const follower of record.followers) follower.times /= 2
}
