import { formatFloor, parseSlot, type QuarantineSlot } from '../../core/slot.ts'
import { order, type StoreBench, type Topic } from './bench.ts'

async function quarantineIn(bench: StoreBench, key: string): Promise<QuarantineSlot> {
  const text = await bench.text(key)
  const slot = parseSlot(text ?? '')
  if (slot?.kind === 'quarantine') return slot
  throw new Error(`expected a quarantine, got ${text}`)
}

export const quarantines: Topic = (tools, test) => {
  const { expect } = tools
  test('take the place of whatever is there, and are told', async (bench) => {
    await bench.stored('value')
    await bench.granted('lease')
    await bench.put('foreign', undefined)
    await bench.put('unknown', 'V|2|x')
    for (const [at, key] of ['value', 'lease', 'foreign', 'unknown', 'absent'].entries()) {
      const reply = await bench.place(key, 'writer')
      expect(reply).toEqual({ epoch: bench.epoch, seq: at + 1, receivers: 1 })
      const { stamp, flagged, order: held, writers } = await quarantineIn(bench, key)
      expect({ stamp, flagged, held }).toEqual({ stamp: bench.stamp, flagged: false, held: '' })
      expect(writers.map(({ token }) => token)).toEqual(['writer'])
      expect(await bench.message()).toMatchObject({ kind: 'keys', keys: [key], seq: at + 1 })
    }
  })

  test('last as long as asked for, and keep all from storing', async (bench) => {
    const token = await bench.granted('k')
    await bench.place('k', 'writer', 600_000)
    const [writer] = (await quarantineIn(bench, 'k')).writers
    const lastsMs = (writer?.deadlineMs ?? 0) - bench.serverMs
    expect(lastsMs).toBeGreaterThan(599_998)
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
    expect(await bench.fill(bench.fillOf('k', token))).toBe('gone')
    expect(await bench.leaseOne('k')).toEqual({ kind: 'quarantined' })
    expect(await bench.set('k', 5)).toMatchObject({ why: 'quarantined' })
  })

  test('keep a floor, also the one under a lease, and its life', async (bench) => {
    for (const leased of [false, true]) {
      await bench.put('k', formatFloor({ stamp: bench.stamp, order: order(7) }), 900_000)
      if (leased) await bench.granted('k')
      await bench.place('k', 'writer')
      expect(await quarantineIn(bench, 'k')).toMatchObject({ order: order(7) })
      expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
    }
  })

  test('placed again run on, and never end sooner', async (bench) => {
    await bench.place('k', 'writer', 60_000)
    await bench.place('k', 'writer', 600_000)
    const renewed = await quarantineIn(bench, 'k')
    expect(renewed).toMatchObject({ flagged: false })
    expect((renewed.writers[0]?.deadlineMs ?? 0) - bench.serverMs).toBeGreaterThan(500_000)
    await bench.place('k', 'writer', 1000)
    expect(await quarantineIn(bench, 'k')).toEqual(renewed)
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
  })

  test('of a second writer show both that they are not alone', async (bench) => {
    await bench.place('k', 'one', 600_000)
    await bench.place('k', 'other', 1000)
    const both = await quarantineIn(bench, 'k')
    expect(both).toMatchObject({ flagged: true })
    expect(both.writers.map(({ token }) => token)).toEqual(['one', 'other'])
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
  })
  releases(tools, test)
}

const releases: Topic = ({ expect }, test) => {
  test('are released by their writer, and that is told', async (bench) => {
    await bench.place('k', 'writer')
    await bench.message()
    expect(await bench.invalidate('k', { tokens: ['writer'] })).toMatchObject({ seq: 2 })
    expect(await bench.text('k')).toBe(undefined)
    expect(await bench.message()).toMatchObject({ kind: 'keys', keys: ['k'] })
    expect(await bench.leaseOne('k')).toMatchObject({ kind: 'granted' })
  })

  test('released leave the floor that they held', async (bench) => {
    const floor = formatFloor({ stamp: bench.stamp, order: order(7) })
    await bench.put('k', floor, 900_000)
    await bench.place('k', 'writer')
    await bench.invalidate('k', { tokens: ['writer'] })
    expect(await bench.text('k')).toBe(floor)
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
  })

  test('stay until the last writer has released them', async (bench) => {
    await bench.place('k', 'one')
    await bench.place('k', 'other')
    await bench.invalidate('k', { tokens: ['one'] })
    const left = await quarantineIn(bench, 'k')
    expect(left.writers.map(({ token }) => token)).toEqual(['other'])
    await bench.invalidate('k', { tokens: ['other', 'third'] })
    expect(await bench.text('k')).toBe(undefined)
  })

  test('show their writers a release that is not theirs', async (bench) => {
    await bench.place('k', 'one')
    await bench.invalidate('k', { tokens: ['stranger'] })
    const left = await quarantineIn(bench, 'k')
    expect(left).toMatchObject({ flagged: true })
    expect(left.writers.map(({ token }) => token)).toEqual(['one'])
  })

  test('released where they are lost invalidate what is there instead', async (bench) => {
    await bench.stored('k')
    await bench.invalidate('k', { tokens: ['writer'] })
    expect(await bench.text('k')).toBe(undefined)
    const token = await bench.granted('k')
    await bench.invalidate('k', { tokens: ['writer'] })
    expect(await bench.fill(bench.fillOf('k', token))).toBe('gone')
  })

  test('released with an order leave it as a floor', async (bench) => {
    await bench.place('k', 'writer')
    const ask = { tokens: ['writer'], order: order(7), floorMs: 900_000 }
    await bench.invalidate('k', ask)
    expect(await bench.text('k')).toBe(formatFloor({ stamp: bench.stamp, order: order(7) }))
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
  })
}

/** Quarantines that nobody releases, because the source lags behind the write. */
export const settles: Topic = ({ expect }, test) => {
  const settle = { token: 'settle', ms: 600_000 }

  test('leave a quarantine in the place of everything', async (bench) => {
    await bench.stored('value')
    await bench.granted('lease')
    for (const key of ['value', 'lease', 'absent']) {
      await bench.invalidate(key, { settle })
      const { writers, order: held } = await quarantineIn(bench, key)
      expect({ held, tokens: writers.map(({ token }) => token) }).toEqual({
        held: '',
        tokens: ['settle'],
      })
      expect((writers[0]?.deadlineMs ?? 0) - bench.serverMs).toBeGreaterThan(500_000)
      expect(await bench.world.ttlMs(key)).toBeGreaterThan(500_000)
      expect(await bench.leaseOne(key)).toEqual({ kind: 'quarantined' })
    }
  })

  test('keep a floor with its life, and leave a new one', async (bench) => {
    const floor = formatFloor({ stamp: bench.stamp, order: order(7) })
    await bench.put('k', floor, 900_000)
    await bench.invalidate('k', { settle })
    expect(await quarantineIn(bench, 'k')).toMatchObject({ order: order(7) })
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(800_000)
    await bench.invalidate('new', { settle, order: order(3), floorMs: 900_000 })
    expect(await quarantineIn(bench, 'new')).toMatchObject({ order: order(3) })
    expect(await bench.world.ttlMs('new')).toBeGreaterThan(800_000)
  })

  test('join the quarantine of a writer, and outlive its release', async (bench) => {
    await bench.place('k', 'writer', 1000)
    await bench.invalidate('k', { settle })
    const both = await quarantineIn(bench, 'k')
    expect(both).toMatchObject({ flagged: true })
    expect(both.writers.map(({ token }) => token)).toEqual(['writer', 'settle'])
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
    await bench.invalidate('k', { tokens: ['writer'] })
    expect((await quarantineIn(bench, 'k')).writers.map(({ token }) => token)).toEqual(['settle'])
  })

  test('take over from a release in the same step', async (bench) => {
    await bench.place('k', 'writer')
    await bench.invalidate('k', { tokens: ['writer'], settle })
    expect((await quarantineIn(bench, 'k')).writers.map(({ token }) => token)).toEqual(['settle'])
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
  })

  test('left again are one, with the later deadline', async (bench) => {
    await bench.invalidate('k', { settle })
    const [first] = (await quarantineIn(bench, 'k')).writers
    await bench.invalidate('k', { settle: { ...settle, ms: 1000 } })
    expect((await quarantineIn(bench, 'k')).writers).toEqual([first])
    expect(await bench.world.ttlMs('k')).toBeGreaterThan(500_000)
  })

  test('spare a valid value that is new enough', async (bench) => {
    await bench.stored('k', { order: order(7) })
    const held = await bench.text('k')
    await bench.invalidate('k', { settle, order: order(7), floorMs: 900_000 })
    expect(await bench.text('k')).toBe(held)
  })
}
