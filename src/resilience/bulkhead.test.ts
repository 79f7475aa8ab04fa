import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bulkhead, type Place, type Priority, priorities } from './bulkhead.ts'

/** Which of them have their turn, have been pushed out, or still wait. */
async function fates(places: readonly (Place | undefined)[]): Promise<readonly string[]> {
  const waiting = Symbol('waiting')
  return Promise.all(
    places.map(async (place) => {
      if (place === undefined) return 'refused'
      if (place.turn === undefined) return 'in'
      const fate = await Promise.race([place.turn, Promise.resolve().then(() => waiting)])
      return fate === waiting ? 'waits' : fate === true ? 'in' : 'out'
    }),
  )
}

const enterAll = (bulkhead: Bulkhead, ...given: Priority[]) =>
  given.map((priority) => bulkhead.enter(priority))

describe('a bulkhead', () => {
  test('lets so many in at once, so many wait, and refuses the rest', async () => {
    const bulkhead = new Bulkhead({ concurrency: 2, queue: 1 })
    const places = enterAll(bulkhead, 'read', 'read', 'read', 'read')
    expect(await fates(places)).toEqual(['in', 'in', 'waits', 'refused'])
    expect([bulkhead.running, bulkhead.waiting]).toEqual([2, 1])
  })

  test('calls who waits when it is left: reads, then warming, then refresh', async () => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 9 })
    const [first, ...line] = enterAll(bulkhead, 'read', 'refresh', 'warm', 'read', 'read')
    const order: string[] = []
    const names = ['refresh', 'warm', 'read 1', 'read 2']
    for (const [index, place] of line.entries()) {
      void place?.turn?.then(() => {
        order.push(names[index] ?? '')
        place.leave()
      })
    }
    first?.leave()
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['read 1', 'read 2', 'warm', 'refresh'])
  })

  test('full, gives the place of a refresh to warming, and either to a read', async () => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
    const places = enterAll(bulkhead, 'read', 'refresh', 'warm', 'warm', 'read', 'read', 'read')
    expect(await fates(places)).toEqual(['in', 'out', 'out', 'out', 'waits', 'waits', 'refused'])
  })

  test('full of reads, refuses a refresh', () => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 1 })
    enterAll(bulkhead, 'read', 'read')
    expect(bulkhead.enter('refresh')).toBeUndefined()
  })

  test('calls who was raised before those who were as urgent, and lowers nobody', async () => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 3 })
    const [first, ...line] = enterAll(bulkhead, 'read', 'warm', 'warm', 'refresh')
    line[1]?.raise('read')
    line[1]?.raise('refresh')
    first?.leave()
    expect(await fates(line)).toEqual(['waits', 'in', 'waits'])
  })

  test('is left while waiting, and its place goes to nobody', async () => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
    const [first, second, third] = enterAll(bulkhead, 'read', 'read', 'read')
    second?.leave()
    first?.leave()
    expect(await fates([third])).toEqual(['in'])
    expect([bulkhead.running, bulkhead.waiting]).toEqual([1, 0])
  })

  test('is left once, however often that is said', () => {
    const bulkhead = new Bulkhead({ concurrency: 2, queue: 0 })
    const [first] = enterAll(bulkhead, 'read', 'read')
    first?.leave()
    first?.leave()
    expect(bulkhead.running).toBe(1)
  })
})

test('holds its bounds after every step, and is empty at the end', async () => {
  const step = fc.record({
    act: fc.constantFrom('enter', 'leave'),
    priority: fc.constantFrom(...priorities),
    at: fc.nat(30),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const bulkhead = new Bulkhead({ concurrency: 3, queue: 4 })
      const places: Place[] = []
      for (const { act, priority, at } of steps) {
        const place = act === 'enter' ? bulkhead.enter(priority) : undefined
        if (place !== undefined) places.push(place)
        if (act === 'leave') places[at % Math.max(1, places.length)]?.leave()
        expect(bulkhead.running).toBeLessThanOrEqual(3)
        expect(bulkhead.waiting).toBeLessThanOrEqual(4)
        if (bulkhead.waiting > 0) expect(bulkhead.running).toBe(3)
      }
      for (const place of places) place.leave()
      expect([bulkhead.running, bulkhead.waiting]).toEqual([0, 0])
    }),
  )
})
