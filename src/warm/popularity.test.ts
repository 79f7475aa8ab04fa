import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Popularity } from './popularity.ts'

const hourMs = 3_600_000

function popularityOf(entriesMax: number, halfLifeMs = hourMs): Popularity<string> {
  return new Popularity({ entriesMax, halfLifeMs })
}

function addTo(popularity: Popularity<string>, key: string, nowMs = 0, count = 1): void {
  popularity.add({ key, item: key, count }, nowMs)
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
