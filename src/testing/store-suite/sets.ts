import {
  formatFloor,
  formatLease,
  formatQuarantine,
  formatTail,
  parseSlot,
} from '../../core/slot.ts'
import { EVERY_BYTE, OTHER_SCHEMA, order, SCHEMA, type Topic } from './bench.ts'

const NOT_HELD = { why: 'notHeld' }

export const sets: Topic = (tools, test) => {
  const { expect } = tools
  test('replace a lower value under its own clock, and tell it', async (bench) => {
    await bench.stored('k', { order: order(4) })
    const { clock } = bench
    await bench.raise('unrelated')
    await bench.message()
    const reply = await bench.set('k', 5, { fid: 'fresh' })
    expect(reply).toEqual({ why: 'stored', counted: { epoch: bench.epoch, seq: 2 } })
    const slot = parseSlot((await bench.text('k')) ?? '')
    expect(slot).toMatchObject({
      kind: 'value',
      fid: 'fresh',
      order: order(5),
      clock,
      schema: SCHEMA,
    })
    expect(slot).toMatchObject({ stamp: bench.stamp, epoch: bench.epoch, payload: '"set"' })
    expect(await bench.message()).toMatchObject({ kind: 'set', key: 'k', order: order(5), seq: 2 })
  })

  test('keep their tail byte for byte', async (bench) => {
    await bench.stored('k', { order: order(4) })
    const meta = { loadMs: 0, codec: 'j', absent: false, tags: ['family'] }
    const tail = formatTail({ softMs: 1, lifeMs: 60_000, meta, payload: EVERY_BYTE })
    expect(await bench.set('k', 5, { tail })).toMatchObject({ why: 'stored' })
    expect((await bench.text('k'))?.endsWith(tail)).toBe(true)
  })

  test('leave a value of the same or a higher order, and tell of theirs', async (bench) => {
    await bench.stored('k', { order: order(4) })
    const held = await bench.text('k')
    expect(await bench.set('k', 4)).toMatchObject({ why: 'older', counted: { seq: 1 } })
    expect(await bench.set('k', 3)).toMatchObject({ why: 'older', counted: { seq: 2 } })
    expect(await bench.text('k')).toBe(held)
    expect(await bench.message()).toMatchObject({ kind: 'set', key: 'k', order: order(4), seq: 1 })
    expect(await bench.message()).toMatchObject({ kind: 'set', key: 'k', order: order(3), seq: 2 })
  })

  test('may be sent again with their own fid', async (bench) => {
    await bench.stored('k', { order: order(4) })
    expect(await bench.set('k', 5, { fid: 'same' })).toMatchObject({ why: 'stored' })
    expect(await bench.set('k', 5, { fid: 'same' })).toMatchObject({ why: 'stored' })
    expect(await bench.set('k', 5)).toMatchObject({ why: 'older' })
  })

  test('remove a value without order or of another family version', async (bench) => {
    await bench.stored('k')
    expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
    expect(await bench.text('k')).toBe(undefined)
    await bench.put('k', bench.value({ schema: OTHER_SCHEMA, order: order(1) }))
    expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
    expect(await bench.text('k')).toBe(undefined)
  })

  withoutValue(tools, test)
  sourceless(tools, test)
}

const withoutValue: Topic = ({ expect }, test) => {
  test('raise the minimum of a load under way', async (bench) => {
    const token = await bench.granted('k')
    expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
    expect(await bench.set('k', 4)).toMatchObject(NOT_HELD)
    expect(await bench.fill(bench.fillOf('k', token, { order: order(4) }))).toBe('older')
    const floor = formatFloor({ stamp: bench.stamp, order: order(5) })
    expect(await bench.text('k')).toBe(floor)
  })

  test('mark a quarantine', async (bench) => {
    const writers = [{ token: 'w', deadlineMs: bench.serverMs + 60_000 }]
    const quarantine = { stamp: bench.stamp, flagged: false, order: '', writers }
    await bench.put('k', formatQuarantine(quarantine))
    const reply = await bench.set('k', 5, { mayFillEmpty: true })
    expect(reply).toMatchObject({ why: 'quarantined', counted: { seq: 1 } })
    expect(await bench.text('k')).toBe(formatQuarantine({ ...quarantine, flagged: true }))
  })

  test('remove a void value, which the clock might make valid again', async (bench) => {
    await bench.put('k', bench.value({ stamp: 'oThErOnE', order: order(1) }))
    expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
    expect(await bench.text('k')).toBe(undefined)
  })

  test('leave an empty and an unknown slot as it is, and tell it', async (bench) => {
    for (const text of [undefined, 'V|2|x']) {
      if (text !== undefined) await bench.put('k', text)
      expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
      expect(await bench.text('k')).toBe(text)
      expect(await bench.message()).toMatchObject({ kind: 'set', key: 'k', order: order(5) })
    }
  })

  test('raise a floor', async (bench) => {
    const floor = (version: number) => formatFloor({ stamp: bench.stamp, order: order(version) })
    await bench.put('k', floor(7))
    expect(await bench.set('k', 5)).toMatchObject(NOT_HELD)
    expect(await bench.text('k')).toBe(floor(7))
    expect(await bench.set('k', 9)).toMatchObject(NOT_HELD)
    expect(await bench.text('k')).toBe(floor(9))
  })
}

const sourceless: Topic = ({ expect }, test) => {
  test('fill an empty or void slot of a family without source', async (bench) => {
    const texts = [undefined, bench.value({ epoch: 'oThErOnE', order: order(9) }), 'hello']
    for (const text of texts) {
      if (text !== undefined) await bench.put('k', text)
      expect(await bench.set('k', 5, { mayFillEmpty: true })).toMatchObject({ why: 'stored' })
      expect(await bench.leaseOne('k')).toMatchObject({ kind: 'value' })
    }
  })

  test('fill a floor of such a family from above only', async (bench) => {
    const lease = { stamp: bench.stamp, epoch: 'oThErOnE', token: 't', schema: SCHEMA }
    const dead = { ...lease, minimum: order(7), deadlineMs: bench.serverMs - 1 }
    const floors = [formatFloor({ stamp: bench.stamp, order: order(7) }), formatLease(dead)]
    for (const floor of floors) {
      await bench.put('k', floor)
      expect(await bench.set('k', 7, { mayFillEmpty: true })).toMatchObject(NOT_HELD)
      expect(await bench.set('k', 8, { mayFillEmpty: true })).toMatchObject({ why: 'stored' })
    }
  })

  test('begin a record for such a family where it is lost', async (bench) => {
    await bench.world.loseRecord('absent')
    expect(await bench.set('k', 5)).toMatchObject({ why: 'notHeld', counted: { seq: undefined } })
    const reply = await bench.set('k', 5, { mayFillEmpty: true })
    expect(reply).toEqual({ why: 'stored', counted: { epoch: 'ePoChSeT', seq: 1 } })
  })
}
