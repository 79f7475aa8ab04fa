/**
 * How alike two words look: the share of three-letter pieces that they have in common, out of
 * all that either has. The ends count as letters, so that a beginning weighs more than a middle.
 */

export function trigramsOf(word: string): Set<string> {
  const padded = `  ${word} `
  const trigrams = new Set<string>()
  for (let start = 0; start + 3 <= padded.length; start += 1) {
    trigrams.add(padded.slice(start, start + 3))
  }
  return trigrams
}

/** From 0, nothing in common, to 1, the same. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const trigram of a) if (b.has(trigram)) common += 1
  return common / (a.size + b.size - common)
}
