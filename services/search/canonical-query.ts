/**
 * The one text under which a query and all that mean the same share an entry.
 *
 * A word that some market has is what it is: two names, numbers or years that exist never become
 * one, however alike they look. A word that no market has is taken for the known word that looks
 * most like it, if it is alike enough and no other is as alike: a typing mistake, a plural. So
 * what a query becomes follows from the markets alone, not from who asked what before.
 * How often this is right and wrong is measured in `canonical-query.test.ts`.
 */
import type { SearchIndex } from './search-index.ts'
import { similarity, trigramsOf } from './trigrams.ts'
import { canonical, isExact, queryWordsOf } from './words.ts'

/** From this likeness on an unknown word is taken for a known one. */
export const similarityMin = 0.55

/** Shorter words are too easily another one. */
const lettersMin = 4
/** A mistake adds or leaves out one letter, and so does a plural. */
const lettersApartMax = 1

/** Words joined by a space, sorted; empty where a text has neither letters nor digits. */
export function canonicalQuery(index: SearchIndex, text: string): string {
  const words = queryWordsOf(text).map((word) => knownWord(index, word))
  return canonical(words).join(' ')
}

/** The word itself, or the one that it is taken for. */
export function knownWord(index: SearchIndex, word: string): string {
  if (index.weights.has(word) || isExact(word) || word.length < lettersMin) return word
  const trigrams = trigramsOf(word)
  let best = word
  let bestLikeness = 0
  let isAlone = true
  for (const other of candidates(index, word, trigrams)) {
    const likeness = similarity(trigrams, trigramsOf(other))
    if (likeness < similarityMin || likeness < bestLikeness) continue
    isAlone = likeness > bestLikeness
    best = other
    bestLikeness = likeness
  }
  return isAlone ? best : word
}

/** Known words that may be meant at all: they begin alike and are about as long. */
function candidates(
  index: SearchIndex,
  word: string,
  trigrams: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const trigram of trigrams) {
    for (const other of index.wordsByTrigram.get(trigram) ?? []) {
      if (mayBeMeant(word, other)) found.add(other)
    }
  }
  return found
}

function mayBeMeant(word: string, other: string): boolean {
  if (other.length < lettersMin || other[0] !== word[0] || isExact(other)) return false
  return Math.abs(other.length - word.length) <= lettersApartMax
}
