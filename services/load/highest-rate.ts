/** Looks for the highest rate that is sustained, in a bounded number of tries. */

export interface RateSearch {
  /** Never above it: both sides of a comparison are to do the same. */
  readonly wanted: number
  readonly isSustained: (perSecond: number) => Promise<boolean>
}

export const triesMax = 6
/** Finer than this a rate is not known anyway. */
const precision = 0.05

/** `undefined`: none of those that were tried. */
export async function highestRate({
  wanted,
  isSustained,
}: RateSearch): Promise<number | undefined> {
  let low = 0
  let high = wanted
  let next = wanted
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await isSustained(next)) low = next
    else high = next
    if (low === wanted || high - low < wanted * precision) break
    next = Math.round((low + high) / 2)
  }
  return low === 0 ? undefined : low
}
