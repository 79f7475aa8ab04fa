import {
  formatFloor,
  formatLease,
  formatQuarantine,
  formatValue,
  parseSlot,
} from '../../core/slot.ts'
import { askOf, order, SCHEMA, type Topic } from './bench.ts'

export const invalidations: Topic = (tools, test) => {
  const { expect } = tools
  test('remove values, leases and whatever is not ours', async (bench) => {
    await bench.stored('value')
    await bench.granted('lease')
    await bench.put('foreign', undefined)
    await bench.put('damaged', 'hello')
    await bench.put('unknown', 'V|2|x')
    for (const key of ['value', 'lease', 'foreign', 'damaged', 'unknown', 'absent']) {
      await bench.invalidate(key)
      expect(await bench.world.ttlMs(key)).toBe(-2)
    }
  })

  test('are numbered and told to all', async (bench) => {
    const { epoch } = bench
    expect(await bench.invalidate('a')).toEqual({ epoch, seq: 1, receivers: 1 })
    const note = { origin: 'api|1', reason: 'a|b%' }
    const asks = ['b', 'c'].map((key) => askOf(key))
    const reply = await bench.store.invalidate(0, { ...note, asks, barrier: undefined })
    expect(reply).toEqual({ epoch, seq: 2, receivers: 1 })
    expect(await bench.message()).toMatchObject({ kind: 'keys', epoch, seq: 1, keys: ['a'] })
    expect(await bench.message()).toMatchObject({ ...note, epoch, seq: 2, keys: ['b', 'c'] })
  })

  test('work without a record of groups, and have no number then', async (bench) => {
    for (const how of ['absent', 'foreign'] as const) {
      await bench.world.loseRecord(how)
      await bench.put('k', bench.value())
      const reply = await bench.invalidate('k')
      expect(reply).toEqual({ epoch: undefined, seq: undefined, receivers: 1 })
      expect(await bench.text('k')).toBe(undefined)
      expect(await bench.message()).toMatchObject({ epoch: undefined, seq: undefined, keys: ['k'] })
    }
  })

  test('leave a floor, also the one under a lease', async (bench) => {
    const floor = formatFloor({ stamp: bench.stamp, order: order(7) })
    await bench.put('k', floor, 900_000)
    await bench.invalidate('k')
    expect(await bench.text('k')).toBe(floor)
    const token = await bench.granted('k')
    await bench.invalidate('k')
    expect(await bench.text('k')).toBe(floor)
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
    expect(await bench.fill(bench.fillOf('k', token, { order: order(9) }))).toBe('gone')
  })

  test('mark a quarantine, and remove one whose writers are past their deadline', async (bench) => {
    const alive = { token: 'w', deadlineMs: bench.serverMs + 60_000 }
    const quarantine = { stamp: bench.stamp, flagged: false, order: '', writers: [alive] }
    await bench.put('k', formatQuarantine(quarantine))
    await bench.invalidate('k')
    expect(await bench.text('k')).toBe(formatQuarantine({ ...quarantine, flagged: true }))
    const dead = { ...alive, deadlineMs: bench.serverMs - 1 }
    await bench.put('k', formatQuarantine({ ...quarantine, writers: [dead] }))
    await bench.invalidate('k')
    expect(await bench.text('k')).toBe(undefined)
  })
  withOrder(tools, test)
  keepingOrder(tools, test)
}

const withOrder: Topic = ({ expect }, test) => {
  const ask = { order: order(7), floorMs: 900_000 }

  test('with an order keep a valid value at or above it', async (bench) => {
    await bench.stored('k', { order: order(7) })
    const held = await bench.text('k')
    await bench.invalidate('k', ask)
    expect(await bench.text('k')).toBe(held)
  })

  test('with an order leave a floor in the place of everything else', async (bench) => {
    const { stamp, epoch, serverMs } = bench
    const lease = { stamp, epoch, token: 't', schema: SCHEMA, deadlineMs: serverMs + 60_000 }
    const texts: [string | undefined, number][] = [
      [undefined, 7],
      ['hello', 7],
      ['V|2|x', 7],
      [bench.value(), 7],
      [bench.value({ order: order(6) }), 7],
      [bench.value({ order: order(9), stamp: 'oThErOnE' }), 7],
      [formatLease({ ...lease, minimum: '' }), 7],
      [formatLease({ ...lease, minimum: order(8) }), 8],
      [formatFloor({ stamp, order: order(6) }), 7],
      [formatFloor({ stamp, order: order(8) }), 8],
    ]
    for (const [text, version] of texts) {
      if (text !== undefined) await bench.put('k', text)
      await bench.invalidate('k', ask)
      expect(await bench.text('k')).toBe(formatFloor({ stamp, order: order(version) }))
      expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
      await bench.put('k', 'x', 1)
    }
  })

  test('never shorten the life of a floor', async (bench) => {
    await bench.put('k', formatFloor({ stamp: bench.stamp, order: order(6) }), 900_000)
    await bench.invalidate('k', { ...ask, floorMs: 1000 })
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
  })

  test('with an order leave it in a quarantine, which lives as long', async (bench) => {
    const writers = [{ token: 'w', deadlineMs: bench.serverMs + 60_000 }]
    const quarantine = { stamp: bench.stamp, flagged: false, order: order(3), writers }
    await bench.put('k', formatQuarantine(quarantine))
    await bench.invalidate('k', ask)
    const expected = { ...quarantine, flagged: true, order: order(7) }
    expect(await bench.text('k')).toBe(formatQuarantine(expected))
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
  })
}

const keepingOrder: Topic = ({ expect }, test) => {
  const ask = { keepsOrder: true, floorMs: 900_000 }

  test('that keep the order leave that of the value as a floor', async (bench) => {
    await bench.stored('k', { order: order(5) })
    await bench.invalidate('k', ask)
    expect(await bench.text('k')).toBe(formatFloor({ stamp: bench.stamp, order: order(5) }))
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
    expect(await bench.set('k', 5, { mayFillEmpty: true })).toMatchObject({ why: 'notHeld' })
    expect(await bench.set('k', 6, { mayFillEmpty: true })).toMatchObject({ why: 'stored' })
  })

  test('that keep the order do so for a void value too', async (bench) => {
    const value = parseSlot(bench.value({ order: order(5) }))
    if (value?.kind !== 'value') throw new Error('expected a value')
    await bench.put('k', formatValue({ ...value, stamp: 'oThErOnE' }))
    await bench.invalidate('k', ask)
    expect(await bench.text('k')).toBe(formatFloor({ stamp: bench.stamp, order: order(5) }))
  })

  test('that keep the order remove a value without one', async (bench) => {
    await bench.stored('k')
    await bench.invalidate('k', ask)
    expect(await bench.text('k')).toBe(undefined)
  })
}
