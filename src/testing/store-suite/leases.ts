import { formatFloor, formatLease, formatQuarantine } from '../../core/slot.ts'
import { OTHER_SCHEMA, order, SCHEMA, type StoreBench, type Topic } from './bench.ts'

const GRANTED = { kind: 'granted', minimum: '', replaced: 'nothing' }
const OVER_VOID = { ...GRANTED, replaced: 'void' }

export const leases: Topic = (tools, test) => {
  const { expect } = tools
  test('are granted on an empty slot, once', async (bench) => {
    expect(await bench.leaseOne('k')).toEqual(GRANTED)
    expect(await bench.leaseOne('k')).toEqual({ kind: 'busy' })
  })

  test('are not waited for by another family version', async (bench) => {
    await bench.granted('k')
    expect(await bench.leaseOne('k', { schema: OTHER_SCHEMA })).toEqual({ kind: 'otherVersion' })
  })

  test('give way to a valid value', async (bench) => {
    const text = bench.value()
    await bench.put('k', text)
    expect(await bench.leaseOne('k')).toEqual({ kind: 'value', text })
  })

  test('are answered for each key', async (bench) => {
    await bench.granted('busy')
    const asks = ['busy', 'free'].map((key) => ({ key, token: bench.token(), schema: SCHEMA }))
    const verdicts = await bench.lease(asks.map((ask) => ({ ...ask, voidFid: undefined })))
    expect(verdicts).toEqual([{ kind: 'busy' }, GRANTED])
  })

  test('leave a slot of another wire version alone', async (bench) => {
    await bench.put('k', 'V|2|whatever')
    expect(await bench.leaseOne('k')).toEqual({ kind: 'unknownWire' })
    expect(await bench.text('k')).toBe('V|2|whatever')
  })

  test('are granted over what is not ours, and say so', async (bench) => {
    for (const text of ['hello', 'V|1|cut', undefined]) {
      await bench.put('k', text)
      expect(await bench.leaseOne('k')).toEqual({ ...GRANTED, replaced: 'foreign' })
    }
  })

  test('live as long as they were asked for', async (bench) => {
    await bench.granted('k')
    const ttlMs = await bench.world.ttlMs('k')
    expect(ttlMs <= 60_000 && ttlMs > 50_000).toBe(true)
  })

  test('begin a new record where it is lost or not ours', async (bench) => {
    for (const how of ['absent', 'foreign'] as const) {
      await bench.world.loseRecord(how)
      await bench.put('k', bench.value())
      await bench.lease([], `${how}!`.slice(0, 8))
      expect(bench.epoch).toBe(`${how}!`.slice(0, 8))
      expect(await bench.leaseOne('k')).toEqual(OVER_VOID)
    }
  })
  overVoidValues(tools, test)
  overLeases(tools, test)
  overQuarantinesAndFloors(tools, test)
}

const overVoidValues: Topic = ({ expect }, test) => {
  const changes: Record<string, (bench: StoreBench) => string> = {
    'of another incarnation': (bench) => bench.value({ stamp: 'oThErOnE' }),
    'of another epoch': (bench) => bench.value({ epoch: 'oThErOnE' }),
    'below the floor': (bench) => bench.value({ clock: bench.clock - 1 }),
    'past their life': (bench) => bench.value({ bornMs: bench.serverMs - 60_000 }),
    'born in the future': (bench) => bench.value({ bornMs: bench.serverMs + 60_000 }),
  }
  for (const [what, textOf] of Object.entries(changes)) {
    test(`are granted over values ${what}`, async (bench) => {
      await bench.put('k', textOf(bench))
      expect(await bench.leaseOne('k')).toEqual(OVER_VOID)
    })
  }

  test('are granted over a value whose tag was invalidated, not over others', async (bench) => {
    const meta = { loadMs: 0, codec: 'j', absent: false, tags: ['a', 'b'] }
    await bench.put('tagged', bench.value({ meta }))
    await bench.put('other', bench.value())
    await bench.raise('b')
    expect(await bench.leaseOne('tagged')).toEqual(OVER_VOID)
    expect(await bench.leaseOne('other')).toMatchObject({ kind: 'value' })
  })

  test('are granted over a fill that the reader can not use', async (bench) => {
    const fid = await bench.stored('k')
    expect(await bench.leaseOne('k', { voidFid: 'another' })).toMatchObject({ kind: 'value' })
    expect(await bench.leaseOne('k', { voidFid: fid })).toEqual(OVER_VOID)
  })

  test('leave a value of another family version alone for ten seconds', async (bench) => {
    await bench.put('young', bench.value({ schema: OTHER_SCHEMA }))
    expect(await bench.leaseOne('young')).toEqual({ kind: 'otherVersion' })
    const bornMs = bench.serverMs - 10_001
    await bench.put('old', bench.value({ schema: OTHER_SCHEMA, bornMs }))
    expect(await bench.leaseOne('old')).toEqual(OVER_VOID)
  })
}

const overLeases: Topic = ({ expect }, test) => {
  test('are granted over leases that are past their deadline or void', async (bench) => {
    const deadlineMs = bench.serverMs + 60_000
    const lease = {
      stamp: bench.stamp,
      epoch: bench.epoch,
      token: 't',
      schema: SCHEMA,
      minimum: '',
    }
    const voids = [
      { ...lease, deadlineMs: bench.serverMs - 1 },
      { ...lease, deadlineMs, stamp: 'oThErOnE' },
      { ...lease, deadlineMs, epoch: 'oThErOnE' },
    ]
    for (const dead of voids) {
      await bench.put('k', formatLease(dead))
      expect(await bench.leaseOne('k')).toEqual(GRANTED)
      await bench.put('k', formatLease({ ...dead, minimum: order(7) }))
      expect(await bench.leaseOne('k')).toEqual({ ...GRANTED, minimum: order(7) })
    }
  })

  test('run on when renewed by their holder only', async (bench) => {
    const token = await bench.granted('k')
    expect(await bench.store.renew(0, [{ key: 'k', token: 'other' }], 90_000)).toEqual([false])
    const held = ['k', 'absent'].map((key) => ({ key, token }))
    expect(await bench.store.renew(0, held, 90_000)).toEqual([true, false])
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(80_000)
  })

  test('are not renewed past their deadline', async (bench) => {
    const lease = {
      stamp: bench.stamp,
      epoch: bench.epoch,
      token: 't',
      schema: SCHEMA,
      minimum: '',
    }
    await bench.put('k', formatLease({ ...lease, deadlineMs: bench.serverMs - 1 }))
    expect(await bench.store.renew(0, [{ key: 'k', token: 't' }], 90_000)).toEqual([false])
  })

  test('are given back by their holder only', async (bench) => {
    const token = await bench.granted('k')
    await bench.store.release(0, [{ key: 'k', token: 'other' }])
    expect(await bench.leaseOne('k')).toEqual({ kind: 'busy' })
    await bench.store.release(0, [{ key: 'k', token }])
    expect(await bench.text('k')).toBe(undefined)
  })
}

const overQuarantinesAndFloors: Topic = ({ expect }, test) => {
  test('are not granted while a write is under way, whatever its incarnation', async (bench) => {
    const writers = [{ token: 'w', deadlineMs: bench.serverMs + 60_000 }]
    const quarantine = { stamp: 'oThErOnE', flagged: false, order: '', writers }
    await bench.put('k', formatQuarantine(quarantine))
    expect(await bench.leaseOne('k')).toEqual({ kind: 'quarantined' })
    expect(await bench.text('k')).toBe(formatQuarantine(quarantine))
  })

  test('drop writers past their deadline, which the others are shown', async (bench) => {
    const alive = { token: 'alive', deadlineMs: bench.serverMs + 60_000 }
    const dead = { token: 'dead', deadlineMs: bench.serverMs - 1 }
    const quarantine = {
      stamp: bench.stamp,
      flagged: false,
      order: order(3),
      writers: [dead, alive],
    }
    await bench.put('k', formatQuarantine(quarantine))
    expect(await bench.leaseOne('k')).toEqual({ kind: 'quarantined' })
    const expected = { ...quarantine, flagged: true, writers: [alive] }
    expect(await bench.text('k')).toBe(formatQuarantine(expected))
  })

  test('are granted when all writers are past their deadline, above their floor', async (bench) => {
    const writers = [{ token: 'dead', deadlineMs: bench.serverMs - 1 }]
    for (const minimum of ['', order(3)]) {
      const quarantine = { stamp: bench.stamp, flagged: false, order: minimum, writers }
      await bench.put('k', formatQuarantine(quarantine))
      expect(await bench.leaseOne('k')).toEqual({ ...GRANTED, minimum })
    }
  })

  test('over a floor live as long as the floor, and leave it when given back', async (bench) => {
    const floor = { stamp: bench.stamp, order: order(3) }
    await bench.put('k', formatFloor({ ...floor, stamp: 'oThErOnE' }), 900_000)
    const token = bench.token()
    expect(await bench.leaseOne('k', { token })).toEqual({ ...GRANTED, minimum: order(3) })
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
    await bench.store.release(0, [{ key: 'k', token }])
    expect(await bench.text('k')).toBe(formatFloor(floor))
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
  })
}
