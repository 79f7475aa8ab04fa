import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Chain, type Link } from './chain.ts'

class Item implements Link<Item> {
  chain: Chain<Item> | undefined
  previous: Item | undefined
  next: Item | undefined
}

describe('a chain', () => {
  test('has what was added and not deleted, in its order', () => {
    const steps = fc.array(fc.record({ adds: fc.boolean(), at: fc.nat(9) }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (taken) => {
        const items = Array.from({ length: 10 }, () => new Item())
        const chain = new Chain<Item>()
        const expected = new Set<Item>()
        for (const { adds, at } of taken) {
          const item = items[at] ?? new Item()
          if (!adds) expect(chain.delete(item)).toBe(expected.delete(item))
          else if (!expected.has(item)) {
            chain.add(item)
            expected.add(item)
          }
          expect(chain.all()).toEqual([...expected])
          expect(chain.first).toBe([...expected][0])
          expect(chain.length).toBe(expected.size)
        }
      }),
    )
  })

  test('leaves nothing behind in what has left, which may join another', () => {
    const [one, two] = [new Chain<Item>(), new Chain<Item>()]
    const items = [new Item(), new Item(), new Item()]
    for (const item of items) one.add(item)
    const [, middle] = items
    if (middle === undefined) throw new RangeError('expected an item')
    expect(two.delete(middle)).toBe(false)
    expect(one.delete(middle)).toBe(true)
    expect([middle.previous, middle.next]).toEqual([undefined, undefined])
    two.add(middle)
    expect(one.delete(middle)).toBe(false)
    expect([one.length, two.length]).toEqual([2, 1])
  })
})
