import { expect, test } from 'vitest'
import { earlyMsOf, extended, lifeOf, phaseOf, shortened } from './life.ts'
import { resolveRefresh } from './refresh-rules.ts'

const rulesOf = (options: object) => resolveRefresh('family', { ...options }, 10_000)
const both = rulesOf({ staleWhileRevalidate: '5s', staleIfError: '20s' })

test('without windows a value ends with its TTL', () => {
  const plain = rulesOf({})
  const life = lifeOf(plain, 9_000, false)
  expect(life).toEqual({ softMs: 9_000, lifeMs: 9_000 })
  expect(phaseOf(plain, life, 8_999)).toBe('fresh')
  expect(phaseOf(plain, life, 9_000)).toBe('over')
})

test('a value is fresh, stale, in grace and over, in this order', () => {
  const life = lifeOf(both, 10_000, false)
  const ages = [0, 9_999, 10_000, 14_999, 15_000, 29_999, 30_000]
  const phases = ['fresh', 'fresh', 'stale', 'stale', 'grace', 'grace', 'over']
  expect(ages.map((age) => phaseOf(both, life, age))).toEqual(phases)
})

test('grace that is shorter than the stale window adds nothing', () => {
  const rules = rulesOf({ staleWhileRevalidate: '20s', staleIfError: '5s' })
  const life = lifeOf(rules, 10_000, false)
  expect(phaseOf(rules, life, 29_999)).toBe('stale')
  expect(phaseOf(rules, life, 30_000)).toBe('over')
})

test('no window reaches beyond maxStale', () => {
  const rules = rulesOf({ staleIfError: '1h', maxStale: '12s' })
  expect(lifeOf(rules, 10_000, false)).toEqual({ softMs: 10_000, lifeMs: 12_000 })
  expect(lifeOf(rules, 60_000, false)).toEqual({ softMs: 12_000, lifeMs: 12_000 })
})

test('what another process has written is over at the own maxStale', () => {
  const written = { softMs: 60_000, lifeMs: 120_000 }
  expect(phaseOf(both, written, 29_999)).toBe('fresh')
  expect(phaseOf(both, written, 30_000)).toBe('over')
})

test('absence is never stale', () => {
  expect(lifeOf(both, 2_000, true)).toEqual({ softMs: 2_000, lifeMs: 2_000 })
})

test('a shortened life keeps its windows, and is never longer than before', () => {
  const life = lifeOf(both, 10_000, false)
  expect(shortened(both, life, 3_000)).toEqual({ softMs: 3_000, lifeMs: 23_000 })
  expect(shortened(both, life, 11_000)).toBe(life)
  const absent = lifeOf(both, 10_000, true)
  expect(shortened(both, absent, 3_000)).toEqual({ softMs: 3_000, lifeMs: 10_000 })
})

test('an extended life runs from its reading on, up to maxStale', () => {
  const rules = rulesOf({ maxStale: '25s' })
  const life = lifeOf(rules, 10_000, false)
  expect(extended(rules, life, { ageMs: 6_000, extendMs: 10_000 }).softMs).toBe(16_000)
  expect(extended(rules, life, { ageMs: 24_000, extendMs: 10_000 }).softMs).toBe(25_000)
  expect(extended(rules, life, { ageMs: 1_000, extendMs: 5_000 })).toBe(life)
})

test('the early refresh begins sooner, the slower the load and the higher beta', () => {
  const life = lifeOf(both, 10_000, false)
  const early = (beta: number, loadMs: number) =>
    earlyMsOf(rulesOf({ earlyRefresh: { beta } }), life, { loadMs, unit: 0.5 })
  expect(early(1, 100)).toBeCloseTo(10_000 - 69.3, 1)
  expect(early(2, 100)).toBeCloseTo(10_000 - 138.6, 1)
  expect(early(1, 1_000)).toBeCloseTo(10_000 - 693.1, 1)
  expect(early(1, 1_000_000)).toBe(0)
  expect(earlyMsOf(both, life, { loadMs: 1_000, unit: 0.5 })).toBe(10_000)
})
