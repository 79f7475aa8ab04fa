import { describe, expect, it } from 'vitest'
import { hashSlotOf, hashSlots, partitionTag } from './partition-tag.ts'

const tags = (namespace: string, partitions: number) =>
  Array.from({ length: partitions }, (_, at) => partitionTag(namespace, at, partitions))

describe('tags of partitions', () => {
  it('are where Redis places them', () => {
    expect(hashSlotOf('foo')).toBe(12_182)
  })

  it.each([2, 3, 16, 256])(
    'give each of %i partitions its own share of the slots',
    (partitions) => {
      for (const namespace of ['polycool', 'shop', 'a', 'reference system']) {
        const shares = tags(namespace, partitions).map((tag) =>
          Math.floor((hashSlotOf(tag) * partitions) / hashSlots),
        )
        expect(new Set(shares).size).toBe(partitions)
      }
    },
  )

  it('keep the plain name for partition 0, where processes of all settings meet', () => {
    for (const partitions of [1, 2, 16, 256]) expect(tags('shop', partitions)[0]).toBe('shop:0')
  })

  it('are the same in every process and version', () => {
    expect(tags('polycool', 4)).toMatchInlineSnapshot(`
      [
        "polycool:0",
        "polycool:1.1",
        "polycool:2",
        "polycool:3.1",
      ]
    `)
  })
})
