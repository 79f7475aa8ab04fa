/**
 * The active markets by the words in them. Built in one pass over what the cache holds, and kept
 * as long as that very value is (`SearchIndexes`).
 */
import type { Searchable } from '../domain/search.ts'
import { trigramsOf } from './trigrams.ts'
import { numbersIn, slugWordsOf, wordsOf } from './words.ts'

export interface SearchIndex {
  readonly markets: readonly Searchable[]
  /** For each word: the places in `markets` that have it, and how much it counts there. */
  readonly weights: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** All words, sorted, for words that are not finished. */
  readonly words: readonly string[]
  /** Words that people write, for those that are misspelt; those of slugs are not among them. */
  readonly wordsByTrigram: ReadonlyMap<string, readonly string[]>
}

/** A word of the question says more than one of the category, and that more than one of a slug. */
const weightOf = { question: 3, category: 2, slug: 1 }

export function buildIndex(markets: readonly Searchable[]): SearchIndex {
  const weights = new Map<string, Map<number, number>>()
  const written = new Set<string>()
  for (const [place, market] of markets.entries()) {
    const category = wordsOf(market.category)
    const question = wordsOf(market.question)
    add(weights, place, { words: slugWordsOf(market.slug), weight: weightOf.slug })
    add(weights, place, { words: category, weight: weightOf.category })
    add(weights, place, { words: question, weight: weightOf.question })
    for (const word of [...category, ...question]) written.add(word)
  }
  return { markets, weights, words: [...weights.keys()].sort(), wordsByTrigram: byTrigram(written) }
}

/** What is added later weighs more, and replaces what was there. */
function add(
  weights: Map<string, Map<number, number>>,
  place: number,
  { words, weight }: { readonly words: readonly string[]; readonly weight: number },
): void {
  for (const word of words.flatMap((one) => [one, ...numbersIn(one)])) {
    const places = weights.get(word)
    if (places === undefined) weights.set(word, new Map([[place, weight]]))
    else places.set(place, weight)
  }
}

function byTrigram(words: Iterable<string>): Map<string, string[]> {
  const wordsByTrigram = new Map<string, string[]>()
  for (const word of words) {
    for (const trigram of trigramsOf(word)) {
      const others = wordsByTrigram.get(trigram)
      if (others === undefined) wordsByTrigram.set(trigram, [word])
      else others.push(word)
    }
  }
  return wordsByTrigram
}

/** One index for each list of markets, as long as somebody holds the list. */
export class SearchIndexes {
  readonly #indexes = new WeakMap<readonly Searchable[], SearchIndex>()

  of(markets: readonly Searchable[]): SearchIndex {
    const known = this.#indexes.get(markets)
    if (known !== undefined) return known
    const index = buildIndex(markets)
    this.#indexes.set(markets, index)
    return index
  }
}
