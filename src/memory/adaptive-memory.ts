/**
 * The memory of one process, divided among families. Room is free for all; when it runs
 * short, the family furthest over its share gives up entries, those that are no longer
 * fresh before any other. Shares are equal unless somebody sets them.
 */
import type { IdKind, Memory, MemoryStats, Region, RegionStats } from '../core/contracts/memory.ts'
import { AdaptiveRegion } from './adaptive-region.ts'
import { addEvictions, noEvictions } from './evictions.ts'
import type { Landlord } from './landlord.ts'
import { type Bounds, Ledger } from './ledger.ts'

/** Slots that one sweep looks at: a tenth of a millisecond. */
const sweptMax = 10_000

/** With bounds of 0 it holds nothing. */
export class AdaptiveMemory implements Memory, Landlord {
  readonly ledger: Ledger
  readonly #regions = new Map<string, AdaptiveRegion>()
  /** The same, in the order in which they are swept next. */
  readonly #unswept: AdaptiveRegion[] = []
  readonly #shares = new Map<string, number>()

  constructor(bounds: Bounds) {
    this.ledger = new Ledger(bounds)
  }

  region(family: string, ids?: IdKind): Region {
    const known = this.#regions.get(family)
    if (known !== undefined) return known
    const region = new AdaptiveRegion(family, this, ids)
    this.#regions.set(family, region)
    this.#unswept.push(region)
    return region
  }

  share(family: string, bytes: number | undefined): void {
    if (bytes === undefined) this.#shares.delete(family)
    else this.#shares.set(family, bytes)
  }

  sweep(nowMs: number): void {
    let slotsLeft = sweptMax
    for (let regions = this.#unswept.length; regions > 0 && slotsLeft > 0; regions--) {
      const region = this.#unswept.shift()
      if (region === undefined) break
      slotsLeft -= region.sweep(nowMs, slotsLeft)
      this.#unswept.push(region)
    }
    this.trimStale()
  }

  makeRoom(region: AdaptiveRegion, bytes: number, nowMs: number): void {
    for (;;) {
      const cause = this.ledger.exceeded(bytes)
      if (cause === undefined) return
      const giver = this.#staleMost() ?? this.#furthestOver({ region, bytes }, cause)
      if (giver === undefined) return
      giver.evict(cause, nowMs)
    }
  }

  trimStale(): void {
    while (this.ledger.bytesStale > this.ledger.bytesStaleMax) {
      const giver = this.#staleMost()
      if (giver === undefined) return
      giver.evictStale()
    }
  }

  stats(): MemoryStats {
    const { entries, bytes, bytesMax, bytesStale, rejected } = this.ledger
    const families: Record<string, RegionStats> = {}
    const evictions = noEvictions()
    let ghosts = 0
    const equalShare = this.#equalShare()
    for (const [family, region] of this.#regions) {
      const bytesShare = this.#shares.get(family) ?? equalShare
      const { count, bytes: held, puts } = region
      const left = { ...region.evictions }
      families[family] = { entries: count, bytes: held, bytesShare, puts, evictions: left }
      addEvictions(evictions, left)
      ghosts += region.ghosts
    }
    const counted = { rejected, ghosts, evictions }
    return { entries, bytes, bytesMax, bytesStale, ...counted, families }
  }

  /** What each family without a share of its own gets of the rest. */
  #equalShare(): number {
    const { bytesMax } = this.ledger
    let [bytesLeft, families] = [bytesMax, 0]
    for (const family of this.#regions.keys()) {
      const share = this.#shares.get(family)
      if (share === undefined) families++
      else bytesLeft -= share
    }
    return Math.max(0, bytesLeft) / Math.max(1, families)
  }

  #furthestOver(
    asking: { readonly region: AdaptiveRegion; readonly bytes: number },
    bound: 'bytes' | 'entries',
  ): AdaptiveRegion | undefined {
    const { bytesMax, entriesMax } = this.ledger
    const equalShare = this.#equalShare()
    let furthest: AdaptiveRegion | undefined
    let furthestBy = Number.NEGATIVE_INFINITY
    for (const [family, region] of this.#regions) {
      if (region.evictable === 0) continue
      const share = this.#shares.get(family) ?? equalShare
      const isAsking = region === asking.region
      const by =
        bound === 'bytes'
          ? region.bytes + (isAsking ? asking.bytes : 0) - share
          : region.evictable + (isAsking ? 1 : 0) - (share / bytesMax) * entriesMax
      if (by > furthestBy) [furthest, furthestBy] = [region, by]
    }
    return furthest
  }

  #staleMost(): AdaptiveRegion | undefined {
    if (this.ledger.bytesStale === 0) return undefined
    let most: AdaptiveRegion | undefined
    for (const region of this.#regions.values()) {
      if (region.bytesStale > (most?.bytesStale ?? 0)) most = region
    }
    return most
  }
}
