import { expect, test } from 'vitest'
import { SeededChance } from './seeded-chance.ts'

test('gives the same for the same seed, and something else for the next one', () => {
  const take = (seed: number) => {
    const chance = new SeededChance(seed)
    return [chance.token(), chance.unit(), chance.below(1_000_000), chance.branch().token()]
  }
  expect(take(7)).toEqual(take(7))
  const [token, unit] = take(8)
  expect(take(7)).not.toContain(token)
  expect(take(7)).not.toContain(unit)
})

test('gives tokens of 16 base64url characters, never the same', () => {
  const chance = new SeededChance(1)
  const tokens = Array.from({ length: 5_000 }, () => chance.token())
  expect(new Set(tokens).size).toBe(tokens.length)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{16}$/)
})

test('stays below what it may reach', () => {
  const chance = new SeededChance(2)
  const seen = new Set(Array.from({ length: 1_000 }, () => chance.below(4)))
  expect([...seen].sort()).toEqual([0, 1, 2, 3])
  expect(() => chance.pick([])).toThrow(RangeError)
})
