import { expect, it } from 'vitest'
import { allPartitionNames, partitionOf } from './slot-names.ts'

it('puts all names of a partition under one hash tag', () => {
  expect(allPartitionNames('polycool', 1)).toEqual([
    {
      slot: '{polycool:0}:k:',
      stage: '{polycool:0}:t:',
      meta: '{polycool:0}:m',
      registry: '{polycool:0}:b',
      beat: '{polycool:0}:b:',
      lock: '{polycool:0}:l:',
      bucket: '{polycool:0}:q:',
      channel: 'cache:invalidate:{polycool:0}',
    },
  ])
})

it('places a key where every version has placed it', () => {
  expect(['market:1', 'market:2', 'api:positions:7'].map((key) => partitionOf(key, 16))).toEqual([
    0, 9, 14,
  ])
  expect(partitionOf('anything', 1)).toBe(0)
})

it('spreads keys evenly', () => {
  const counts = new Array<number>(16).fill(0)
  for (let id = 0; id < 16_000; id++) {
    const partition = partitionOf(`market:${id}`, 16)
    counts[partition] = (counts[partition] ?? 0) + 1
  }
  for (const count of counts) {
    expect(count).toBeGreaterThan(800)
    expect(count).toBeLessThan(1200)
  }
})
