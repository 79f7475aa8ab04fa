import { expect, it } from 'vitest'
import { cacheCounts, countsBetween, hitRate } from './cache-counts.ts'

function answered(memory: number, misses: number): unknown {
  const figures = { hits: { memory, redis: 2 }, stale: 1, joined: 3, misses, loads: misses }
  const idle = { hits: { memory: 0, redis: 0 }, stale: 0, joined: 0, misses: 0, loads: 0 }
  return { service: 'api', families: { price: figures, user: idle } }
}

it('counts as hits what was answered without a source, waiting for one is none', () => {
  const counts = cacheCounts(answered(14, 4)).get('price')
  expect(counts).toEqual({ hits: 17, misses: 7, loads: 4 })
  expect(counts && hitRate(counts)).toBeCloseTo(17 / 24)
})

it('are those between two readings, of families that were read', () => {
  const between = countsBetween(cacheCounts(answered(14, 4)), cacheCounts(answered(24, 5)))
  expect([...between]).toEqual([['price', { hits: 10, misses: 1, loads: 1 }]])
})

it('has no rate where nothing was read', () => {
  expect(hitRate({ hits: 0, misses: 0, loads: 0 })).toBeUndefined()
})
