/** The interval of a share that was found by sampling (Wilson, JASA 1927): 95 %. */
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
