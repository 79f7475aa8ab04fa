/** The same keys, values and order of access for every contestant. */
import { isDeepStrictEqual } from 'node:util'

/** Distinct keys that hits are spread over. */
export const keyCount = 10_000
/** Length of the sequence of accesses, a power of two so that a mask wraps it. */
export const accessCount = 131_072
export const accessMask: number = accessCount - 1

/** As JSON 180 to 190 bytes, the size the peers were measured with. */
export interface Quote {
  readonly market: string
  readonly question: string
  readonly bid: number
  readonly ask: number
  readonly volume: number
  readonly outcomes: readonly string[]
  readonly isOpen: boolean
}

export interface PairId {
  readonly market: number
  readonly user: number
}

export function quoteOf(number: number): Quote {
  return {
    market: `market-${number}`,
    question: `Will the price of asset ${number} be above its mark at noon on the last day?`,
    bid: (number % 997) / 1_000,
    ask: (number % 997) / 1_000 + 0.002,
    volume: number * 17,
    outcomes: ['Yes', 'No'],
    isOpen: number % 5 !== 0,
  }
}

/** Ids of one shape, as an application has them, and the key a cache of texts needs. */
export interface Ids<Id> {
  readonly title: string
  readonly of: (number: number) => Id
  readonly keyOf: (id: Id) => string
}

const texts: string[] = []

/** Each is one text wherever it is used, as the keys of lru-cache are that were made before. */
export const textIds: Ids<string> = {
  title: 'string id',
  of(number) {
    texts[number] ??= `m${517_000 + number}`
    return texts[number]
  },
  keyOf: (id) => `bench:text:${id}`,
}

/** The number that a text id, or a key that ends in one, was made from. */
export function numberOfText(key: string): number {
  return Number(key.slice(key.lastIndexOf('m') + 1)) - 517_000
}

/** The text id that a quote is read by. */
export function textIdOf(quote: unknown): string {
  const isQuote = typeof quote === 'object' && quote !== null && 'market' in quote
  const number = isQuote ? Number(String(quote.market).slice('market-'.length)) : Number.NaN
  return textIds.of(number)
}

export const numberIds: Ids<number> = {
  title: 'int id',
  of: (number) => 517_000 + number,
  keyOf: (id) => `bench:number:${id}`,
}

export const pairIds: Ids<PairId> = {
  title: 'two-parameter id',
  of: (number) => ({ market: 517_000 + (number % 100), user: Math.floor(number / 100) }),
  keyOf: (id) => `bench:pair:${id.market}:${id.user}`,
}

/** Numbers from 0 to `keyCount`, where the nth most popular is asked for 1/n as often. */
export function zipfNumbers(): readonly number[] {
  const cumulated: number[] = []
  let total = 0
  for (let rank = 1; rank <= keyCount; rank++) {
    total += 1 / rank
    cumulated.push(total)
  }
  const chance = seededChance(0x5eed)
  return Array.from({ length: accessCount }, () => placeIn(cumulated, chance() * total))
}

/** Throws when a contestant read something else than was stored. */
export function expectQuote(contestant: string, number: number, found: unknown): void {
  if (isDeepStrictEqual(found, quoteOf(number))) return
  const shown = JSON.stringify(found)
  throw new Error(`${contestant} gave a wrong value for key ${number}: ${shown}`)
}

/** The first place whose cumulated weight exceeds the value. */
function placeIn(cumulated: readonly number[], value: number): number {
  let [low, high] = [0, cumulated.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulated[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Linear congruential, modulo 2^32: the same sequence in every run. */
function seededChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
