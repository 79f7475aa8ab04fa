/**
 * Which markets a query means, best first. A word counts by how few markets have it and where it
 * stands; an unfinished word counts half. Numbers must all be there; of the other words at least
 * half, by what they count. Equal matches are ordered by what is traded in them.
 */
import type { SearchIndex } from './search-index.ts'
import { isNumber, numbersIn } from './words.ts'

export interface Ranking {
  /** Best first, no more than asked for. */
  readonly marketIds: string[]
  /** All that match. */
  readonly total: number
}

/** Of what the words of a query count together, numbers apart, a market must have this share. */
const coverageMin = 0.5
/** What an unfinished word counts, compared with a whole one. */
const unfinishedWeight = 0.5
const unfinishedLettersMin = 3
/** An unfinished word that may end in more ways says nothing. */
const endingsMax = 50

interface Match {
  readonly place: number
  score: number
  covered: number
  numbers: number
}

export function rank(index: SearchIndex, words: readonly string[], max: number): Ranking {
  const matches = new Map<number, Match>()
  let wanted = 0
  for (const word of words) {
    const rarity = addWord(index, word, matches)
    if (!isNumber(word)) wanted += rarity
  }
  const numbers = words.filter(isNumber).length
  const found = [...matches.values()].filter(
    (match) => match.numbers === numbers && match.covered >= wanted * coverageMin,
  )
  found.sort((a, b) => compare(index, a, b))
  const marketIds = found.slice(0, max).map(({ place }) => index.markets[place]?.id ?? '')
  return { marketIds, total: found.length }
}

/** Returns what the word counts: the fewer markets have it, the more. */
function addWord(index: SearchIndex, word: string, matches: Map<number, Match>): number {
  const weights = weightsOf(index, word)
  const rarity = Math.log(1 + index.markets.length / Math.max(1, weights.size))
  for (const [place, weight] of weights) {
    const match = matches.get(place) ?? { place, score: 0, covered: 0, numbers: 0 }
    match.score += weight * rarity
    if (isNumber(word)) match.numbers += 1
    else match.covered += rarity
    matches.set(place, match)
  }
  return rarity
}

/**
 * A number is whole or it is another one; a date that nobody has as it is written is found where
 * all its numbers are; other words that nobody has may be unfinished.
 */
function weightsOf(index: SearchIndex, word: string): ReadonlyMap<number, number> {
  const exact = index.weights.get(word)
  if (exact !== undefined) return exact
  if (isNumber(word)) return common(numbersIn(word).map((number) => index.weights.get(number)))
  const weights = new Map<number, number>()
  if (word.length < unfinishedLettersMin) return weights
  for (const whole of endingsOf(index, word)) {
    for (const [place, weight] of index.weights.get(whole) ?? []) {
      const known = weights.get(place) ?? 0
      weights.set(place, Math.max(known, weight * unfinishedWeight))
    }
  }
  return weights
}

/** The places that all have, each with the least that it counts in one of them. */
function common(
  all: readonly (ReadonlyMap<number, number> | undefined)[],
): ReadonlyMap<number, number> {
  const [first = new Map<number, number>(), ...others] = all
  const weights = new Map<number, number>()
  for (const [place, weight] of first) {
    const least = Math.min(weight, ...others.map((one) => one?.get(place) ?? 0))
    if (least > 0) weights.set(place, least)
  }
  return weights
}

function endingsOf(index: SearchIndex, beginning: string): readonly string[] {
  const first = firstAtOrAfter(index.words, beginning)
  const endings: string[] = []
  for (let place = first; place < index.words.length; place += 1) {
    const word = index.words[place] ?? ''
    if (!word.startsWith(beginning)) break
    if (endings.length === endingsMax) return []
    endings.push(word)
  }
  return endings
}

function firstAtOrAfter(words: readonly string[], wanted: string): number {
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((words[middle] ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function compare(index: SearchIndex, a: Match, b: Match): number {
  if (a.score !== b.score) return b.score - a.score
  const [one, other] = [index.markets[a.place], index.markets[b.place]]
  if (one === undefined || other === undefined) return 0
  if (one.magnitude !== other.magnitude) return other.magnitude - one.magnitude
  return one.id < other.id ? -1 : 1
}
