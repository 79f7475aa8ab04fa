import { formatFloor } from '../../core/slot.ts'
import { EVERY_BYTE, order, type Topic } from './bench.ts'

export const fills: Topic = (tools, test) => {
  const { expect } = tools
  test('are stored under their lease, for what is left of their life', async (bench) => {
    const token = await bench.granted('k')
    const fill = bench.fillOf('k', token, { lifeMs: 60_000, elapsedMs: 20_000 })
    expect(await bench.fill(fill)).toBe('stored')
    expect(await bench.text('k')).toBe(fill.text)
    const ttlMs = await bench.world.ttlMs('k')
    expect(ttlMs <= 40_000 && ttlMs > 30_000).toBe(true)
  })

  test('count their life from the grant by the server, too', async (bench) => {
    const token = await bench.granted('k')
    const bornMs = bench.serverMs - 30_000
    expect(await bench.fill(bench.fillOf('k', token, { bornMs }))).toBe('stored')
    const ttlMs = await bench.world.ttlMs('k')
    expect(ttlMs <= 30_000 && ttlMs > 20_000).toBe(true)
  })

  test('are refused without their lease', async (bench) => {
    expect(await bench.fill(bench.fillOf('k', 'never'))).toBe('gone')
    const token = await bench.granted('k')
    expect(await bench.fill(bench.fillOf('k', 'other'))).toBe('gone')
    await bench.invalidate('k')
    expect(await bench.fill(bench.fillOf('k', token))).toBe('gone')
    expect(await bench.text('k')).toBe(undefined)
  })

  test('are stored once', async (bench) => {
    const token = await bench.granted('k')
    const fill = bench.fillOf('k', token)
    expect([await bench.fill(fill), await bench.fill(fill)]).toEqual(['stored', 'gone'])
  })

  test('come back byte for byte, whatever their payload', async (bench) => {
    for (const payload of [EVERY_BYTE, EVERY_BYTE.repeat(100)]) {
      const token = await bench.granted('k')
      const text = bench.value({ fid: token, payload })
      expect(await bench.fill(bench.fillOf('k', token, { text }))).toBe('stored')
      expect((await bench.store.read(0, { keys: ['k'], heads: [], tags: [] })).slots).toEqual([
        text,
      ])
      expect(await bench.leaseOne('k')).toEqual({ kind: 'value', text })
      await bench.invalidate('k')
    }
  })

  refusals(tools, test)
  large(tools, test)
  replacing(tools, test)
}

const refusals: Topic = ({ expect }, test) => {
  test('are refused after their tag or all values were invalidated', async (bench) => {
    for (const tags of [['family'], []]) {
      const token = await bench.granted('k')
      await bench.raise(...tags)
      expect(await bench.fill(bench.fillOf('k', token))).toBe('group')
      expect(await bench.text('k')).toBe(undefined)
    }
  })

  test('are refused when the record of groups was lost', async (bench) => {
    const token = await bench.granted('k')
    await bench.world.loseRecord('absent')
    expect(await bench.fill(bench.fillOf('k', token))).toBe('group')
  })

  test('are refused when their life is over', async (bench) => {
    const token = await bench.granted('k')
    expect(await bench.fill(bench.fillOf('k', token, { elapsedMs: 60_000 }))).toBe('late')
    expect(await bench.text('k')).toBe(undefined)
  })

  test('are refused below the lowest order, which stays', async (bench) => {
    const floor = formatFloor({ stamp: bench.stamp, order: order(7) })
    for (const low of ['', order(6)]) {
      await bench.put('k', floor)
      const token = await bench.granted('k')
      expect(await bench.fill(bench.fillOf('k', token, { order: low }))).toBe('older')
      expect(await bench.text('k')).toBe(floor)
    }
    await bench.stored('k', { order: order(7) })
  })

  test('are answered for each key', async (bench) => {
    const token = await bench.granted('b')
    const grant = { stamp: bench.stamp, epoch: bench.epoch, clock: bench.clock }
    const both = [bench.fillOf('a', 'none'), bench.fillOf('b', token)]
    expect(await bench.store.fill(0, { ...grant, fills: both })).toEqual(['gone', 'stored'])
  })
}

const large: Topic = ({ expect }, test) => {
  test('of large values are stored, refused and answered like small ones', async (bench) => {
    const [token, tiny] = [await bench.granted('large'), await bench.granted('tiny')]
    const text = bench.value({ fid: token, payload: 'é'.repeat(20_000) })
    const lost = bench.value({ fid: 'lost', payload: 'y'.repeat(20_000) })
    const grant = { stamp: bench.stamp, epoch: bench.epoch, clock: bench.clock }
    const fills = [
      bench.fillOf('lost', 'lost', { text: lost }),
      bench.fillOf('tiny', tiny),
      bench.fillOf('large', token, { text }),
    ]
    const verdicts = await bench.store.fill(0, { ...grant, fills })
    expect(verdicts).toEqual(['gone', 'stored', 'stored'])
    expect(await bench.text('large')).toBe(text)
    const ttlMs = await bench.world.ttlMs('large')
    expect(ttlMs <= 60_000 && ttlMs > 50_000).toBe(true)
  })

  test('of large values are refused for the same reasons', async (bench) => {
    const payload = 'x'.repeat(20_000)
    const late = await bench.granted('late')
    const text = bench.value({ fid: late, payload })
    expect(await bench.fill(bench.fillOf('late', late, { text, elapsedMs: 60_000 }))).toBe('late')
    expect(await bench.text('late')).toBe(undefined)
  })
}

const replacing: Topic = ({ expect }, test) => {
  test('that replace need the value that was seen', async (bench) => {
    const fid = await bench.stored('k')
    const text = bench.value({ payload: '"new"' })
    expect(await bench.replace(bench.fillOf('k', 'other', { text }))).toBe('gone')
    expect(await bench.replace(bench.fillOf('k', fid, { text }))).toBe('stored')
    expect(await bench.text('k')).toBe(text)
    expect(await bench.replace(bench.fillOf('k', fid))).toBe('gone')
    expect(await bench.replace(bench.fillOf('absent', fid))).toBe('gone')
  })

  test('that replace leave what they may not replace', async (bench) => {
    const fid = await bench.stored('k', { order: order(7) })
    const held = await bench.text('k')
    expect(await bench.replace(bench.fillOf('k', fid, { order: order(6) }))).toBe('older')
    expect(await bench.replace(bench.fillOf('k', fid))).toBe('older')
    const late = bench.fillOf('k', fid, { order: order(7), elapsedMs: 60_000 })
    expect(await bench.replace(late)).toBe('late')
    await bench.raise('family')
    expect(await bench.replace(bench.fillOf('k', fid, { order: order(8) }))).toBe('group')
    expect(await bench.text('k')).toBe(held)
  })
}
