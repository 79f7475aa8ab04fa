/**
 * What is worth being loaded ahead: the fewest keys that cover a share of all accesses. What a
 * cold start begins with counts as a few accesses that never decay, so learning replaces it,
 * and it comes back where nobody has been for long.
 */
import type { Counted } from '../base/popularity.ts'

export interface ChoiceRules {
  /** Of all accesses. */
  readonly share: number
  readonly entriesMax: number
}

export interface Choice<T> {
  readonly chosen: readonly Counted<T>[]
  /** Of all accesses, what they surely cover; 0 where there were none. */
  readonly coveredShare: number
}

/** Accesses that a seed counts as. */
export const seedCount = 1

/** Equally popular keys are taken together, as far as there is room. */
export function choose<T>(
  counted: readonly Counted<T>[],
  { share, entriesMax }: ChoiceRules,
  total: number,
): Choice<T> {
  const ranked = [...counted].sort((a, b) => b.count - a.count)
  const wanted = total * share
  const chosen: Counted<T>[] = []
  let covered = 0
  for (const one of ranked) {
    const isLikeLast = one.count === chosen.at(-1)?.count
    if (chosen.length >= entriesMax || (covered >= wanted && !isLikeLast)) break
    chosen.push(one)
    covered += one.count
  }
  return { chosen, coveredShare: total > 0 ? Math.min(1, covered / total) : 0 }
}
