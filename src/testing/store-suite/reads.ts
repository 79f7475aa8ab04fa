import { formatFloor } from '../../core/slot.ts'
import { order, type Topic } from './bench.ts'

export const reads: Topic = ({ expect }, test) => {
  test('give slots, heads, clocks of tags and server time as they are', async (bench) => {
    const floor = formatFloor({ stamp: bench.stamp, order: order(7) })
    const value = bench.value()
    await bench.put('floor', floor)
    await bench.put('value', value)
    const { clock } = await bench.raise('user%3A7')
    const query = { keys: ['value', 'absent'], heads: ['floor', 'none'], tags: ['user%3A7', 'x'] }
    const reply = await bench.store.read(0, query)
    expect(reply.slots).toEqual([value, undefined])
    expect(reply.heads).toEqual([floor, undefined])
    expect(reply.tagClocks).toEqual([clock, 0])
    expect(reply.epoch).toBe(bench.epoch)
    expect(reply.floor).toBe(bench.clock)
    expect(reply.serverMs >= bench.serverMs).toBe(true)
  })

  test('of nothing but clocks are possible', async (bench) => {
    const reply = await bench.store.read(0, { keys: [], heads: [], tags: [] })
    expect(reply).toMatchObject({ slots: [], heads: [], tagClocks: [], epoch: bench.epoch })
  })

  test('of keys that are no texts find nothing', async (bench) => {
    await bench.put('foreign', undefined)
    const query = { keys: ['foreign'], heads: ['foreign'], tags: [] }
    const reply = await bench.store.read(0, query)
    expect(reply).toMatchObject({ slots: [undefined], heads: [undefined] })
  })

  test('show no epoch when the record of groups is lost or not ours', async (bench) => {
    for (const how of ['absent', 'foreign'] as const) {
      await bench.world.loseRecord(how)
      const reply = await bench.store.read(0, { keys: [], heads: [], tags: ['tag'] })
      expect(reply).toMatchObject({ epoch: undefined, tagClocks: [0] })
    }
  })

  test('give a whole header of a value whose payload is large', async (bench) => {
    const value = bench.value({ payload: 'x'.repeat(10_000) })
    await bench.put('value', value)
    const reply = await bench.store.read(0, { keys: [], heads: ['value'], tags: [] })
    const head = reply.heads[0] ?? ''
    expect(value.startsWith(head)).toBe(true)
    expect(head.length > value.length - 10_000).toBe(true)
  })
}
