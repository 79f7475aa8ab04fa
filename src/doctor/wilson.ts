/** Intervals of shares that were found by sampling: 95 %, of numbers after Wilson (JASA 1927). */
import type { Sample } from './finding.ts'

const z = 1.96

/** `hits` of `sampled` have it; `of` is how many there are in all. */
export function sampleOf(hits: number, sampled: number, of: number): Sample {
  const total = Math.max(of, sampled)
  const share = sampled === 0 ? 0 : hits / sampled
  // Who has looked at everything knows it.
  if (sampled === total && sampled > 0)
    return { sampled, of: total, share, low: share, high: share }
  const { low, high } = interval(share, sampled)
  return { sampled, of: total, share, low, high }
}

function interval(share: number, sampled: number): { readonly low: number; readonly high: number } {
  if (sampled === 0) return { low: 0, high: 1 }
  const squared = z ** 2 / sampled
  const centre = (share + squared / 2) / (1 + squared)
  const spread = (share * (1 - share)) / sampled + squared / (4 * sampled)
  const half = (z * Math.sqrt(spread)) / (1 + squared)
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

export interface Weighed {
  readonly weight: number
  readonly isHit: boolean
}

/** The lower end of a share by weight (the usual interval of a ratio); one item proves little. */
export function lowByWeight(items: readonly Weighed[], of: number): number {
  const all = items.reduce((sum, { weight }) => sum + weight, 0)
  if (all === 0) return 0
  const share = items.reduce((sum, { weight, isHit }) => sum + (isHit ? weight : 0), 0) / all
  if (items.length >= of) return share
  const squares = items.reduce(
    (sum, { weight, isHit }) => sum + (weight * (Number(isHit) - share)) ** 2,
    0,
  )
  return Math.max(0, share - (z * Math.sqrt(squares)) / all)
}
