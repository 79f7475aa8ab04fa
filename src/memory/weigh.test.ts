import { describe, expect, test } from 'vitest'
import { Shapes, weigh } from './weigh.ts'

const bytesOf = (value: unknown) => weigh(value, new Shapes())

describe('the weight of a value', () => {
  test.each([
    ['nothing', undefined, 0],
    ['a small integer', 7, 0],
    ['a boolean', true, 0],
    ['null', null, 0],
    ['a fraction', 0.5, 16],
    ['a text of Latin letters', 'é'.repeat(24), 40],
    ['a text of others', '€'.repeat(24), 64],
    ['an object', { id: 1, price: 0.5 }, 24 + 16 + 16],
    ['an array of integers', [1, 2, 3], 48 + 24],
    ['an array of fractions', [0.5, 1.5], 48 + 16],
    ['a frozen array of fractions', Object.freeze([0.5, 1.5]), 48 + 16 + 32],
  ])('of %s', (_name, value, bytes) => {
    expect(bytesOf(value)).toBe(bytes)
  })

  test('of a long array is that of some of its items, extended to all', () => {
    const items = Array.from({ length: 100_000 }, (_, at) => ({ at, price: 0.5 }))
    expect(bytesOf(items)).toBe(48 + 100_000 * (8 + 24 + 16 + 16))
    let touched = 0
    const ownKeys = () => {
      touched++
      return []
    }
    const watched = items.map((item) => new Proxy(item, { ownKeys }))
    bytesOf(watched)
    expect(touched).toBeLessThanOrEqual(200)
  })

  test('of a long text finds a wide letter in the pieces it looks at', () => {
    const text = 'a'.repeat(1_000_000)
    expect(bytesOf(text)).toBe(16 + 1_000_000)
    expect(bytesOf(`${text}€`)).toBe(16 + 2_000_008)
  })

  test('counts names once for all objects of a shape', () => {
    const shapes = new Shapes()
    const map = (from: string) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${from}-${at}`, at]))
    const first = weigh(map('a'), shapes)
    expect(weigh(map('a'), shapes)).toBe(24 + 20 * 8)
    expect(weigh(map('b'), shapes)).toBe(first)
    expect(first).toBeGreaterThan(24 + 20 * 100)
  })

  test('ends, however many parts there are', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`n${at}`, 0.5]))
    let nested: unknown = wide
    for (let level = 0; level < 3; level++) {
      nested = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`l${at}`, nested]))
    }
    expect(bytesOf(nested)).toBeGreaterThan(300 * 16)
  })
})
