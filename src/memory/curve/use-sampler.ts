/**
 * A miss-ratio curve of a family in use, from one hit in a hundred at most.
 *
 * To sample keys, as `shards.ts` does, means to see every use of them; a hundredth of the
 * keys of a small family says nothing. So uses are sampled instead, at random: how many uses
 * of the family pass until the same id is used again? Keys which pass by within some time
 * fill a cache as fast as ids are used that were not used for so long; so the times between
 * uses give the time that an entry stays in a cache of a given size, and with it the share of
 * uses that come too late (AET: Hu et al., "Kinetic Modeling of Data Eviction in Cache",
 * USENIX ATC 2016).
 *
 * Hits and misses are counted exactly, so samples begun at a hit and at a miss are weighed
 * by the uses that they stand for.
 */
import { dropOldest } from '../../base/drop-oldest.ts'
import type { Chance } from '../../core/contracts/clock.ts'
import type { AccessObserver } from '../../core/contracts/memory.ts'
import { Counts } from './counts.ts'
import { MissCurve } from './miss-curve.ts'

/** Ids whose next use is waited for; the one that has waited longest is given up. */
export const watchedMax = 8_192
/** Uses from one sample to the next. A sample is told of twice, when it begins and ends. */
const gap = { min: 110, max: 310 }
/** Over time; no sample begins while it is exceeded. */
const hitsPerToldMin = 100

interface Watch {
  readonly kind: Kind
  readonly sinceUse: number
  weight: number
}

/** Uses of one kind, and the samples that began at one of them. */
interface Kind {
  uses: number
  begun: number
  readonly times: Counts
}

export class UseSampler implements AccessObserver {
  readonly #chance: Pick<Chance, 'unit'>
  readonly #watches = new Map<number, Watch>()
  readonly #hits: Kind = { uses: 0, begun: 0, times: new Counts() }
  readonly #misses: Kind = { uses: 0, begun: 0, times: new Counts() }
  #lastUses = 0
  /** Hits there were, and hits that were told. */
  #allHits = 0
  #toldHits = 0
  #missesLeft: number

  constructor(chance: Pick<Chance, 'unit'>) {
    this.#chance = chance
    this.#missesLeft = this.gap()
  }

  get watched(): number {
    return this.#watches.size
  }

  /** Of all hits so far. */
  get toldShare(): number {
    return this.#allHits === 0 ? 0 : this.#toldHits / this.#allHits
  }

  /** Of the family, as far as they have not faded. */
  get uses(): number {
    return this.#hits.uses + this.#misses.uses
  }

  /** What the curve rests on; below some hundreds it is hardly one. */
  get samples(): number {
    return this.#hits.begun + this.#misses.begun
  }

  /** Hits until the next one that is to be told. */
  gap(): number {
    return gap.min + Math.floor(this.#chance.unit() * (gap.max - gap.min + 1))
  }

  /**
   * A use of the id with this hash: each that missed and was then put, and each hit that was
   * asked for. `uses`: of all ids so far. True: the next use of this id is asked for.
   */
  used(hash: number, uses: number, isHit: boolean): boolean {
    this.#count(uses, isHit)
    const watch = this.#watches.get(hash)
    if (watch !== undefined) {
      this.#watches.delete(hash)
      watch.kind.times.add(uses - watch.sinceUse, watch.weight)
    }
    if (!this.#begins(isHit, watch !== undefined)) return false
    const kind = isHit ? this.#hits : this.#misses
    kind.begun++
    this.#watches.set(hash, { kind, sinceUse: uses, weight: 1 })
    if (this.#watches.size > watchedMax) dropOldest(this.#watches)
    return true
  }

  curve(): MissCurve {
    const [hits, misses] = [this.#hits, this.#misses]
    const times = new Counts()
    for (const { uses, begun, times: own } of [hits, misses]) {
      if (begun > 0) times.addAll(own, uses / begun)
    }
    return curveOf(times, this.uses)
  }

  /** What was seen so far weighs less from now on. */
  fade(factor: number): void {
    for (const kind of [this.#hits, this.#misses]) {
      kind.uses *= factor
      kind.begun *= factor
      kind.times.scale(factor)
    }
    for (const watch of this.#watches.values()) watch.weight *= factor
  }

  #count(uses: number, isHit: boolean): void {
    const hits = uses - this.#lastUses - (isHit ? 0 : 1)
    this.#lastUses = uses
    this.#allHits += hits
    this.#hits.uses += hits
    if (isHit) this.#toldHits++
    else this.#misses.uses++
  }

  /** A hit that ends a sample was asked for by it; another one is the next of a gap. */
  #begins(isHit: boolean, isEnd: boolean): boolean {
    const isNext = isHit ? !isEnd : --this.#missesLeft === 0
    if (!isNext) return false
    if (!isHit) this.#missesLeft = this.gap()
    return this.#toldHits * hitsPerToldMin <= this.#allHits
  }
}

/** An entry that stays for some time is in a cache of the size that is filled meanwhile. */
function curveOf(times: Counts, uses: number): MissCurve {
  const [sizes, ratios] = [[0], [1]]
  let [left, size, until] = [uses, 0, 0]
  for (const { first, last, weight } of times.steps()) {
    const after = Math.max(0, left - weight)
    size += ((first - until) * left) / uses
    sizes.push(size)
    ratios.push(left / uses)
    size += ((last - first) * (left + after)) / 2 / uses
    sizes.push(size)
    ratios.push(after / uses)
    left = after
    until = last
  }
  return new MissCurve(sizes, ratios)
}
