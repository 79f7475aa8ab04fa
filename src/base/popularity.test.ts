import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Popularity } from './popularity.ts'

const hourMs = 3_600_000

function popularityOf(entriesMax: number, halfLifeMs = hourMs): Popularity<string> {
  return new Popularity({ entriesMax, halfLifeMs })
}

function addTo(popularity: Popularity<string>, key: string, nowMs = 0, count = 1): void {
  popularity.add({ key, count, make: () => key }, nowMs)
}

describe('popularity', () => {
  test('counts halve with every half-life, and so does their total', () => {
    const popularity = popularityOf(10)
    addTo(popularity, 'a', 0, 8)
    addTo(popularity, 'b', 2 * hourMs, 3)
    const ranked = popularity.ranked(2 * hourMs)
    expect(ranked.map(({ key, count }) => [key, count])).toEqual([
      ['b', 3],
      ['a', 2],
    ])
    expect(popularity.total(3 * hourMs)).toBeCloseTo(2.5)
  })

  test('counts are right after years on a clock that began long ago', () => {
    const popularity = popularityOf(10)
    const yearMs = 8_760 * hourMs
    addTo(popularity, 'old', 1_000 * yearMs, 1e9)
    addTo(popularity, 'a', 1_003 * yearMs, 4)
    addTo(popularity, 'b', 1_003 * yearMs + hourMs, 1)
    const ranked = popularity.ranked(1_003 * yearMs + hourMs)
    expect(ranked.map(({ count }) => count)).toEqual([2, 1, 0])
  })

  test('full, a newcomer takes the place of the least counted, but not its count', () => {
    const popularity = popularityOf(2)
    for (const key of ['b', 'a', 'a', 'a', 'b', 'c', 'c']) addTo(popularity, key)
    expect(popularity.ranked(0).map(({ key, count }) => [key, count])).toEqual([
      ['a', 3],
      ['c', 2],
    ])
    expect([popularity.size, popularity.total(0)]).toEqual([2, 7])
    expect([popularity.item('b'), popularity.item('c')]).toEqual([undefined, 'c'])
  })
})

test('never counts too much, and has whatever makes up more than its share', () => {
  const accesses = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 400 })
  fc.assert(
    fc.property(accesses, fc.integer({ min: 1, max: 12 }), (keys, entriesMax) => {
      const popularity = popularityOf(entriesMax)
      const exact = new Map<string, number>()
      for (const number of keys) {
        const key = String(Math.floor(number * (number / 40)))
        addTo(popularity, key)
        exact.set(key, (exact.get(key) ?? 0) + 1)
      }
      const ranked = popularity.ranked(0)
      expect(ranked.length).toBeLessThanOrEqual(entriesMax)
      for (const { key, count } of ranked) {
        expect(count).toBeLessThanOrEqual(exact.get(key) ?? 0)
      }
      for (const [key, count] of exact) {
        if (count > keys.length / entriesMax) expect(popularity.item(key)).toBe(key)
      }
    }),
  )
})

/** Ids from 1, the first by far the most frequent: each in proportion to 1 / id ** skew. */
function zipf(options: { ids: number; accesses: number; skew: number; seed: number }): string[] {
  const { ids, accesses, skew, seed } = options
  const sums: number[] = []
  for (let id = 1; id <= ids; id++) sums.push((sums.at(-1) ?? 0) + id ** -skew)
  let state = seed
  return Array.from({ length: accesses }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const at = (state / 2 ** 32) * (sums.at(-1) ?? 0)
    return String(sums.findIndex((sum) => sum > at) + 1)
  })
}

function traceOf(name: string): readonly string[] {
  const file = new URL(`../../bench/traces/${name}.gz`, import.meta.url)
  return gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
}

describe('by how much counts may be wrong', () => {
  /** What each makes up is told within its error, which is at most what a place stands for. */
  const expectBounds = (keys: readonly string[], entriesMax: number) => {
    const popularity = popularityOf(entriesMax)
    const exact = new Map<string, number>()
    for (const key of keys) {
      addTo(popularity, key)
      exact.set(key, (exact.get(key) ?? 0) + 1)
    }
    const ranked = popularity.ranked(0)
    expect(ranked.length).toBeLessThanOrEqual(entriesMax)
    for (const { key, count, error } of ranked) {
      expect(exact.get(key)).toBeGreaterThanOrEqual(count)
      expect(exact.get(key)).toBeLessThanOrEqual(count + error)
      expect(error).toBeLessThanOrEqual(keys.length / entriesMax)
    }
    return { ranked, exact }
  }

  test('is told, on accesses of any skew', () => {
    const seeds = fc.integer({ min: 1, max: 2 ** 31 })
    const skews = fc.double({ min: 0, max: 2, noNaN: true })
    fc.assert(
      fc.property(seeds, skews, (seed, skew) => {
        expectBounds(zipf({ ids: 400, accesses: 3_000, skew, seed }), 100)
      }),
      { numRuns: 60 },
    )
  })

  test('is told on a day of a real web shop, with fourteen times as many keys as places', () => {
    const { ranked, exact } = expectBounds(traceOf('ecom-web12'), 1_000)
    expect(exact.size).toBeGreaterThan(13_000)
    const most = [...exact].sort(([, one], [, other]) => other - one).slice(0, 20)
    const told = ranked.slice(0, 20).map(({ key }) => key)
    expect(most.filter(([key]) => told.includes(key)).length).toBeGreaterThanOrEqual(18)
  })
})
