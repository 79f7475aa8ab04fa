/**
 * Divides the bytes of memory among families so that most uses hit: each next piece goes to
 * whom it gains most for. A curve may be flat before it falls, so what is compared is the
 * gain by bytes of the best step of any length (look-ahead: Qureshi and Patt, "Utility-Based
 * Cache Partitioning", MICRO 2006).
 */
import type { SizePoint } from '../../core/contracts/memory.ts'
import type { MissCurve } from '../curve/miss-curve.ts'

/** What one family has and would make of more or less of it. */
export interface Demand {
  readonly name: string
  readonly bytes: number
  readonly bytesPerEntry: number
  /** Lately, in the same time for all families. */
  readonly uses: number
  readonly curve: Pick<MissCurve, 'missRatioAtBytes'>
}

export interface PlannedFamily {
  readonly name: string
  readonly bytes: number
  /** What would be best. */
  readonly bytesBest: number
  /** What it is to have next: some way towards it, or what it has. */
  readonly bytesNext: number
  /** By how much the hit ratio of all families together rises or falls through this one. */
  readonly gain: number
}

export interface Plan {
  /** Of the hit ratio of all families together, from 0 to 1. */
  readonly gain: number
  readonly families: readonly PlannedFamily[]
}

const pieces = 128
/** No family gets less than this part of an equal share, or more than this part of all. */
const bounds = { leastOfEqual: 1 / 4, most: 3 / 4 }
/** Of all bytes, in one round. */
const movedMax = 0.05
/** Of the memory as it is, for a look at other ones. */
const sizes = [1 / 4, 1 / 2, 3 / 4, 1, 3 / 2, 2, 4]
/** What gains less than two points is left as it is: the curves are not better than that. */
export const gainMin = 0.02

/** The families share what they hold together. */
export function planOf(demands: readonly Demand[]): Plan {
  const budget = sumOf(demands, ({ bytes }) => bytes)
  const uses = sumOf(demands, (demand) => demand.uses)
  const best = bestOf(demands, budget)
  const gains = demands.map((demand, at) => {
    return (hitsAt(demand, best[at] ?? 0) - hitsAt(demand, demand.bytes)) / Math.max(1, uses)
  })
  const gain = sumOf(gains, (each) => each)
  const rising = sumOf(demands, ({ bytes }, at) => Math.max(0, (best[at] ?? 0) - bytes))
  const part = gain > gainMin ? Math.min(1, (budget * movedMax) / Math.max(1, rising)) : 0
  const families = demands.map(({ name, bytes }, at): PlannedFamily => {
    const bytesBest = best[at] ?? 0
    const bytesNext = Math.round(bytes + (bytesBest - bytes) * part)
    return { name, bytes, bytesBest: Math.round(bytesBest), bytesNext, gain: gains[at] ?? 0 }
  })
  return { gain, families }
}

/** What the families would hit if all had so many times the bytes that they have. */
export function curveOf(demands: readonly Demand[]): readonly SizePoint[] {
  const [bytes, uses] = [sumOf(demands, (each) => each.bytes), sumOf(demands, (each) => each.uses)]
  if (uses === 0) return []
  return sizes.map((times) => {
    const hits = sumOf(demands, (demand) => hitsAt(demand, demand.bytes * times))
    return { bytes: Math.round(bytes * times), hitRatio: hits / uses }
  })
}

function bestOf(demands: readonly Demand[], budget: number): readonly number[] {
  const piece = budget / pieces
  const least = Math.ceil((pieces / Math.max(1, demands.length)) * bounds.leastOfEqual)
  const most = demands.length > 1 ? Math.floor(pieces * bounds.most) : pieces
  const hits = demands.map((demand) => {
    return Float64Array.from({ length: pieces + 1 }, (_, at) => hitsAt(demand, at * piece))
  })
  const taken = demands.map(() => least)
  let left = pieces - least * demands.length
  while (left > 0) {
    const step = bestStep(hits, taken, { left, most })
    if (step === undefined) break
    taken[step.family] = (taken[step.family] ?? 0) + step.pieces
    left -= step.pieces
  }
  // What nobody gains by stays with those who have it and may have more.
  const kept = demands.map(({ bytes }, at) => ((taken[at] ?? 0) < most ? bytes : 0))
  const unused =
    (Math.max(0, left) * piece) /
    Math.max(
      1,
      sumOf(kept, (bytes) => bytes),
    )
  return taken.map((count, at) => count * piece + (kept[at] ?? 0) * unused)
}

interface FoundStep {
  readonly family: number
  readonly pieces: number
}

/** Undefined: nobody gains by more. */
function bestStep(
  hits: readonly Float64Array[],
  taken: readonly number[],
  { left, most }: { readonly left: number; readonly most: number },
): FoundStep | undefined {
  let [found, foundGain]: [FoundStep | undefined, number] = [undefined, 0]
  for (const [family, curve] of hits.entries()) {
    const has = taken[family] ?? 0
    const now = curve[has] ?? 0
    for (let more = 1; more <= Math.min(left, most - has); more++) {
      const gain = ((curve[has + more] ?? 0) - now) / more
      if (gain > foundGain) [found, foundGain] = [{ family, pieces: more }, gain]
    }
  }
  return found
}

function hitsAt({ uses, curve, bytesPerEntry }: Demand, bytes: number): number {
  return uses * (1 - curve.missRatioAtBytes(bytes, bytesPerEntry))
}

function sumOf<T>(items: readonly T[], part: (item: T, at: number) => number): number {
  let sum = 0
  for (const [at, item] of items.entries()) sum += part(item, at)
  return sum
}
