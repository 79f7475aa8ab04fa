import { expect, test } from 'vitest'
import { smoothed, ttlOf } from './ttl-policy.ts'
import type { TtlRules } from './ttl-rules.ts'

const plain: TtlRules = {
  isAdaptive: false,
  ttlMs: 180_000,
  negativeTtlMs: 30_000,
  maxStaleMs: 600_000,
  access: undefined,
  activity: undefined,
  volatility: undefined,
}
const facts = { isAbsent: false, isHot: false, unrest: undefined, unit: 0 }
const activity = { ttlMs: 30_000, forMs: 600_000 }
const volatility = {
  distance: () => 0,
  calm: 1,
  wild: 3,
  longestMs: 400_000,
  shortestMs: 4_000,
}

test('without rules it is the declared TTL, less its jitter', () => {
  expect(ttlOf(plain, { ...facts, unit: 0.5 })).toEqual({
    ms: 171_000,
    because: [
      { rule: 'ttl', ms: 180_000 },
      { rule: 'jitter', ms: 171_000 },
    ],
  })
})

test('absence has its own TTL, whatever adapts', () => {
  const rules = { ...plain, volatility }
  expect(ttlOf(rules, { ...facts, isAbsent: true, unrest: 3 }).ms).toBe(30_000)
})

test('an active key has the shorter TTL, and says so', () => {
  const ttl = ttlOf({ ...plain, activity }, { ...facts, isHot: true })
  expect(ttl.because).toContainEqual({ rule: 'activity', ms: 30_000 })
  expect(ttl.ms).toBe(30_000)
})

test('activity never makes a TTL longer', () => {
  const rules = { ...plain, ttlMs: 10_000, activity }
  const ttl = ttlOf(rules, { ...facts, isHot: true })
  expect(ttl.ms).toBe(10_000)
  expect(ttl.because.map(({ rule }) => rule)).toEqual(['ttl', 'jitter'])
})

test('calm values live longest, wild ones shortest, others in even ratios between', () => {
  const rules = { ...plain, volatility }
  const ttlMs = (unrest: number) => ttlOf(rules, { ...facts, unrest }).ms
  expect([0, 1, 2, 3, 99].map(ttlMs)).toEqual([400_000, 400_000, 40_000, 4_000, 4_000])
})

test('as long as nobody knows how a value changes, its TTL is the declared one', () => {
  expect(ttlOf({ ...plain, volatility }, facts).ms).toBe(180_000)
})

test('rules compose: activity shortens what volatility has chosen', () => {
  const rules = { ...plain, volatility, activity }
  const ttl = ttlOf(rules, { ...facts, unrest: 0, isHot: true })
  expect(ttl.because.map(({ rule }) => rule)).toEqual(['ttl', 'volatility', 'activity', 'jitter'])
  expect(ttl.ms).toBe(30_000)
})

test('no rule goes beyond maxStale', () => {
  const rules = { ...plain, maxStaleMs: 200_000, volatility }
  const ttl = ttlOf(rules, { ...facts, unrest: 0 })
  expect(ttl.because.at(-1)).toEqual({ rule: 'maxStale', ms: 200_000 })
  expect(ttl.ms).toBe(200_000)
})

test('unrest follows new differences without forgetting the old ones at once', () => {
  expect(smoothed(undefined, 5)).toBe(5)
  expect(smoothed(10, 0)).toBeCloseTo(7)
  expect(smoothed(smoothed(10, 0), 0)).toBeCloseTo(4.9)
})
