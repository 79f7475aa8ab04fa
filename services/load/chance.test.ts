import { expect, it } from 'vitest'
import { Chance, Weighted, zipf } from './chance.ts'

const draws = 20_000

function counts(choice: Weighted, size: number): number[] {
  const chance = new Chance(7)
  const found = new Array<number>(size).fill(0)
  for (let drawn = 0; drawn < draws; drawn += 1) {
    const index = choice.choose(chance)
    found[index] = (found[index] ?? 0) + 1
  }
  return found
}

it('repeats itself for a seed, and differs between seeds', () => {
  const first = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (c) => () =>
          c.unit()
      )(new Chance(seed)),
    )
  expect(first(3)).toEqual(first(3))
  expect(first(3)).not.toEqual(first(4))
})

it('chooses by weight, and never what has none', () => {
  const [rare = 0, none, often = 0] = counts(new Weighted([1, 0, 3]), 3)
  expect(none).toBe(0)
  expect(often / rare).toBeGreaterThan(2.7)
  expect(often / rare).toBeLessThan(3.3)
})

it('chooses the first ten times as often as the tenth, by the law of Zipf', () => {
  const found = counts(zipf(100, 1), 100)
  expect((found[0] ?? 0) / (found[9] ?? 1)).toBeGreaterThan(8)
  expect((found[0] ?? 0) / (found[9] ?? 1)).toBeLessThan(12.5)
})

it('lets so many events come in a unit of time on average', () => {
  const chance = new Chance(1)
  let time = 0
  for (let drawn = 0; drawn < draws; drawn += 1) time += chance.gap(50)
  expect(draws / time).toBeGreaterThan(48)
  expect(draws / time).toBeLessThan(52)
})
