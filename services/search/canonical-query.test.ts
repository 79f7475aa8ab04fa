/** How often near-identical queries share an entry, and how often queries share one wrongly. */
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Searchable } from '../domain/search.ts'
import { canonicalQuery, knownWord } from './canonical-query.ts'
import { rank } from './rank.ts'
import { buildIndex, type SearchIndex } from './search-index.ts'
import { different, same } from './testing/query-pairs.ts'
import { recordedMarkets } from './testing/recorded-markets.ts'
import { isExact, wordsOf } from './words.ts'

const page = new URL('../../docs/reference-system/search.md', import.meta.url)
const topMax = 10

let markets: readonly Searchable[]
let index: SearchIndex
/** Words that people write, long enough to be corrected at all. */
let words: readonly string[]

beforeAll(async () => {
  markets = await recordedMarkets()
  index = buildIndex(markets)
  const written = markets.flatMap(({ question, category }) => wordsOf(`${question} ${category}`))
  words = [...new Set(written)].filter((word) => word.length >= 4 && !isExact(word)).sort()
})

const key = (text: string) => canonicalQuery(index, text)
const top = (text: string) => rank(index, key(text).split(' '), topMax).marketIds
const shares = ([one, other]: readonly [string, string]) => key(one) === key(other)

/** Every way to leave out, double, swap or change a letter after the first one. */
function mistakesIn(word: string): { readonly kind: string; readonly text: string }[] {
  const mistakes = [
    { kind: 'singular or plural', text: word.endsWith('s') ? word.slice(0, -1) : `${word}s` },
  ]
  for (let at = 1; at < word.length; at += 1) {
    const [before, letter = '', after] = [word.slice(0, at), word[at], word.slice(at + 1)]
    mistakes.push({ kind: 'a letter left out', text: before + after })
    mistakes.push({ kind: 'a letter doubled', text: before + letter + letter + after })
    mistakes.push({ kind: 'a letter changed', text: before + (letter === 'e' ? 'a' : 'e') + after })
    if (after !== '')
      mistakes.push({ kind: 'a letter swapped', text: before + after[0] + letter + after.slice(1) })
  }
  return mistakes.filter(
    ({ text }) => text !== word && text.length >= 4 && !index.weights.has(text),
  )
}

const kindsOfMistakes = [
  'a letter doubled',
  'singular or plural',
  'a letter left out',
  'a letter changed',
  'a letter swapped',
]

/** As the page shows it: one decimal. */
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`

function measured(): string[] {
  const lost = words.map((word) => {
    const others = buildIndex(markets.map((market) => without(market, word)))
    return knownWord(others, word)
  })
  const taken = lost.filter((meant, place) => meant !== words[place]).length
  const rows = [
    ['pairs that mean the same and share an entry', same.filter(shares).length, same.length],
    ['pairs that mean two things and share one', different.filter(shares).length, different.length],
    ['names and words taken for another when no market has them', taken, words.length],
  ] as const
  const kinds = kindsOfMistakes.flatMap((kind) => {
    const cases = words.flatMap((word) =>
      mistakesIn(word)
        .filter((mistake) => mistake.kind === kind)
        .map(({ text }) => ({ word, meant: knownWord(index, text), text })),
    )
    const right = cases.filter(({ word, meant }) => meant === word).length
    const wrong = cases.filter(({ word, meant, text }) => meant !== word && meant !== text).length
    return [
      [`${kind}: understood`, right, cases.length],
      [`${kind}: taken for another word`, wrong, cases.length],
    ] as const
  })
  return [...rows, ...kinds].map(
    ([what, part, whole]) => `| ${what} | ${part} of ${whole} | ${percent(part, whole)} |`,
  )
}

function without(market: Searchable, word: string): Searchable {
  const rest = (text: string) =>
    wordsOf(text)
      .filter((other) => other !== word)
      .join(' ')
  return { ...market, question: rest(market.question), category: rest(market.category) }
}

describe('a pair that shares an entry', () => {
  test('finds the same, because what is searched is what was made of both', () => {
    const wrong = same.filter(shares).filter(([one, other]) => `${top(one)}` !== `${top(other)}`)
    expect(wrong).toEqual([])
  })

  test('is never one that means two things', () => {
    expect(different.filter(shares)).toEqual([])
  })
})

test('the order of words changes no result, so who beats whom may share an entry', () => {
  const ranked = (words: readonly string[]) => rank(index, words, topMax).marketIds
  const beats = [
    ['yankees beats nationals', 'nationals beats yankees'],
    ['red sox over mets', 'mets over red sox'],
  ] as const
  for (const [one, other] of beats) {
    expect(ranked(wordsOf(one))).toEqual(ranked(wordsOf(other)))
    expect(ranked(wordsOf(one))).not.toEqual([])
  }
  for (const { question } of markets) {
    const words = [...new Set(wordsOf(question))]
    expect(new Set(ranked(words.toReversed()))).toEqual(new Set(ranked(words)))
  }
})

describe('words that some market has', () => {
  test('are never taken for one another', () => {
    for (const word of index.weights.keys()) expect(knownWord(index, word)).toBe(word)
  })

  test('make two questions one query only where they have the same words', () => {
    const questions = [...new Set(markets.map((market) => market.question))]
    const byKey = new Map<string, Set<string>>()
    for (const question of questions) {
      const plain = [...new Set(wordsOf(question))].sort().join(' ')
      const known = byKey.get(key(question))
      if (known === undefined) byKey.set(key(question), new Set([plain]))
      else known.add(plain)
    }
    const merged = [...byKey.values()].filter((plain) => plain.size > 1)
    expect(merged).toEqual([])
  })
})

test('a misspelt word that looks like two known ones as much stays as it is', () => {
  const names = ['Marlon', 'Marlin'].map((question, place) => ({
    ...{ id: `${place}`, slug: `s${place}`, category: 'x', magnitude: 1 },
    question,
  }))
  expect(canonicalQuery(buildIndex(names), 'marlan')).toBe('marlan')
})

test('the page says what is measured', async () => {
  const rows = (await readFile(page, 'utf8')).split('\n').filter((line) => / of \d+ \| /.test(line))
  expect(rows).toEqual(measured())
})
