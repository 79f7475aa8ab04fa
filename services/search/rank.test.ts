import { expect, test } from 'vitest'
import type { Searchable } from '../domain/search.ts'
import { rank } from './rank.ts'
import { buildIndex } from './search-index.ts'

function market(id: string, question: string, changes: Partial<Searchable> = {}): Searchable {
  return { id, question, slug: `m-${id}`, category: 'sports', magnitude: 3, ...changes }
}

const index = buildIndex([
  market('1', 'Boston Red Sox vs. New York Mets: O/U 4.5'),
  market('2', 'Boston Red Sox vs. New York Mets: O/U 5.5'),
  market('3', 'Cincinnati Reds vs. Chicago Cubs: O/U 5.5', { magnitude: 5 }),
  market('4', 'Will Boston elect a new mayor?', { category: 'politics' }),
  market('5', 'Next mayor', { slug: 'mayor-boston', category: 'politics' }),
])

const found = (text: string) => rank(index, text.split(' ').sort(), 10).marketIds

test('a market that has the words comes before one that has some', () => {
  expect(found('boston mayor')).toEqual(['4', '5'])
  expect(found('boston red sox')).toEqual(['1', '2'])
})

test('a number that a market does not have excludes it', () => {
  expect(found('boston 5.5')).toEqual(['2'])
  expect(found('boston 6.5')).toEqual([])
})

test('a date is found as it is written, and where nobody has it, by its numbers', () => {
  const dated = buildIndex([
    market('1', 'Rain', { slug: 'rain-2026-07-10' }),
    market('2', 'Rain', { slug: 'rain-2026-10-07' }),
    market('3', 'Rain on 7/10 or 8/10?'),
  ])
  const found = (word: string) => rank(dated, [word], 10).marketIds
  expect(found('2026-07-10')).toEqual(['1'])
  expect(found('2026-10-07')).toEqual(['2'])
  expect(found('07-10')).toEqual(['1', '2'])
  expect(found('07-11')).toEqual([])
  expect(found('10')).toEqual(['3', '1', '2'])
})

test('what is traded more comes first among equal matches, then the lower id', () => {
  expect(found('5.5')).toEqual(['3', '2'])
  expect(found('mets')).toEqual(['1', '2'])
})

test('an unfinished word finds what begins with it, a number is never unfinished', () => {
  expect(found('cinc')).toEqual(['3'])
  expect(found('ci')).toEqual([])
  expect(found('5')).toEqual([])
})

test('a category finds its markets', () => {
  expect(found('politics')).toEqual(['4', '5'])
})

test('words that nobody has outweigh a single one that somebody has', () => {
  expect(found('boston lakers celtics')).toEqual([])
})

test('no more than asked for, and the number of all', () => {
  expect(rank(index, ['sports'], 2)).toEqual({ marketIds: ['3', '1'], total: 3 })
})
