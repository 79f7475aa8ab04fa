import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byPartition, inChunks } from './by-partition.ts'

const at = (partition: number, name: string) => ({ partition, name })

describe('splitting by partition', () => {
  test('gives nothing for nothing', () => {
    expect(byPartition([])).toEqual([])
  })

  test('copies nothing while there is one partition', () => {
    const items = [at(3, 'a'), at(3, 'b')]
    expect(byPartition(items)[0]).toBe(items)
  })

  test('keeps the order within each partition', () => {
    const [a, b, c, d] = [at(0, 'a'), at(1, 'b'), at(0, 'c'), at(1, 'd')]
    expect(byPartition([a, b, c, d])).toEqual([
      [a, c],
      [b, d],
    ])
  })

  test('loses and doubles nothing, and mixes no partitions', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4)), (partitions) => {
        const items = partitions.map((partition, index) => ({ partition, index }))
        const groups = byPartition(items)
        for (const group of groups) {
          expect(new Set(group.map((item) => item.partition)).size).toBe(1)
        }
        expect(groups).toHaveLength(new Set(partitions).size)
        expect(groups.flat().sort((one, other) => one.index - other.index)).toEqual(items)
      }),
    )
  })
})

describe('splitting in chunks', () => {
  test('gives nothing for nothing', () => {
    expect(inChunks([], 3)).toEqual([])
  })

  test('copies nothing that fits in one', () => {
    const items = [1, 2, 3]
    expect(inChunks(items, 3)).toEqual([[1, 2, 3]])
    expect(inChunks(items, 3)[0]).toBe(items)
  })

  test('fills each chunk before the next, in order', () => {
    expect(inChunks([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([[1, 2, 3], [4, 5, 6], [7]])
  })
})
