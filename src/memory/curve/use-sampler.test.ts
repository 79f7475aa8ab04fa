import { expect, it } from 'vitest'
import { hashOfId } from '../id-hash.ts'
import { UseSampler, watchedMax } from './use-sampler.ts'

/** The same each time, and spread well enough. */
function chance(): { unit(): number } {
  let calls = 0
  return { unit: () => hashOfId(++calls) / 2 ** 32 }
}

/** A memory that evicts what was used longest ago, and tells the sampler as ours does. */
function sampled(ids: Iterable<number>, capacity: number): UseSampler {
  const sampler = new UseSampler(chance())
  const held = new Map<number, boolean>()
  let [uses, left] = [0, sampler.gap()]
  for (const id of ids) {
    uses++
    let isWatched = held.get(id)
    if (isWatched === undefined) {
      held.set(id, sampler.used(hashOfId(id), uses, false))
      if (held.size > capacity) held.delete(oldestOf(held.keys()))
      continue
    }
    const isNext = --left === 0
    if (isNext || isWatched) isWatched = sampler.used(hashOfId(id), uses, true)
    if (isNext) left = sampler.gap()
    held.delete(id)
    held.set(id, isWatched)
  }
  return sampler
}

function oldestOf(held: Iterable<number>): number {
  for (const id of held) return id
  throw new Error('it holds nothing')
}

function* looped(ids: number, uses: number): Generator<number> {
  for (let use = 0; use < uses; use++) yield use % ids
}

/** Most uses go to low numbers. */
function* skewed(ids: number, uses: number): Generator<number> {
  for (let use = 0; use < uses; use++) yield Math.floor(ids * (hashOfId(use) / 2 ** 32) ** 3)
}

it('knows from which size on a loop is hit, whether or not it fits', () => {
  for (const capacity of [50, 200]) {
    const curve = sampled(looped(100, 400_000), capacity).curve()
    expect(curve.missRatioAt(95)).toBeGreaterThan(0.97)
    expect(curve.missRatioAt(105)).toBeLessThan(0.03)
  }
})

it('tells the miss ratio of other sizes than its own', () => {
  const uses = 400_000
  const curve = sampled(skewed(2_000, uses), 200).curve()
  for (const size of [50, 200, 500, 1_000]) {
    const held = new Set<number>()
    let misses = 0
    for (const id of skewed(2_000, uses)) {
      if (!held.delete(id)) misses++
      held.add(id)
      if (held.size > size) held.delete(oldestOf(held))
    }
    expect(Math.abs(curve.missRatioAt(size) - misses / uses)).toBeLessThan(0.03)
  }
})

it('is told of one hit in a hundred at most, over time', () => {
  for (const capacity of [20, 200, 2_000]) {
    const sampler = sampled(skewed(2_000, 100_000), capacity)
    expect(sampler.toldShare).toBeGreaterThan(0.005)
    expect(sampler.toldShare).toBeLessThanOrEqual(0.01)
  }
})

it('waits for a bounded number of ids, however many never come back', () => {
  const sampler = new UseSampler({ unit: () => 0 })
  for (let id = 0; id < watchedMax * 120; id++) sampler.used(hashOfId(id), id + 1, false)
  expect(sampler.watched).toBe(watchedMax)
  expect(sampler.curve().missRatioAt(1_000_000)).toBe(1)
})

it('follows a change, when what was seen before has faded', () => {
  const sampler = sampled(looped(100, 200_000), 50)
  expect(sampler.curve().missRatioAt(200)).toBeLessThan(0.05)
  const before = sampler.samples
  for (let round = 0; round < 20; round++) sampler.fade(0.5)
  expect(sampler.samples).toBeLessThan(before / 1_000)
  for (let use = 200_001; use < 300_000; use++) sampler.used(hashOfId(use), use, false)
  expect(sampler.curve().missRatioAt(200)).toBeGreaterThan(0.95)
})
