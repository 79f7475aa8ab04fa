import { parseDirect } from '../../core/message.ts'
import type { StoreBench, Topic } from './bench.ts'

function beat(bench: StoreBench, nonce: string, settings = '1|1|1500', isFirst = false) {
  const request = { process: 'suite-process', nonce, trustMs: 1500, registryMs: 60_000 }
  return bench.store.beat(0, { ...request, settings, isFirst })
}

export const beats: Topic = ({ expect }, test) => {
  test('show the incarnation that the connection has proven', async (bench) => {
    const { stamp, runId } = await beat(bench, 'n1')
    expect({ stamp, runId }).toMatchObject({ stamp: bench.stamp })
    expect(runId).toBe(bench.store.connectedOf(0)?.runId)
  })

  test('are echoed to their process after every earlier message', async (bench) => {
    await Promise.all([bench.invalidate('a'), beat(bench, 'n1'), bench.invalidate('b')])
    const echo = parseDirect(await bench.directs.next())
    const { runId } = bench.store.connectedOf(0) ?? { runId: '' }
    expect(echo).toEqual({ kind: 'echo', nonce: 'n1', runId, epoch: bench.epoch, seq: 1 })
    expect(await bench.message()).toMatchObject({ seq: 1 })
    expect(await bench.message()).toMatchObject({ seq: 2 })
  })

  test('show the number of the last message', async (bench) => {
    expect(await beat(bench, 'n1')).toMatchObject({ epoch: bench.epoch, seq: 0 })
    await bench.invalidate('a')
    expect(await beat(bench, 'n2')).toMatchObject({ epoch: bench.epoch, seq: 1 })
    await bench.world.loseRecord('absent')
    expect(await beat(bench, 'n3')).toMatchObject({ epoch: undefined, seq: undefined })
  })

  test('agree on the settings of the first, or of a higher wire version', async (bench) => {
    expect(await beat(bench, 'n1')).toMatchObject({ settings: '1|1|1500' })
    expect(await beat(bench, 'n2', '1|16|900')).toMatchObject({ settings: '1|1|1500' })
    expect(await beat(bench, 'n3', '2|16|900')).toMatchObject({ settings: '2|16|900' })
    expect(await beat(bench, 'n4')).toMatchObject({ settings: '2|16|900' })
  })

  test('take settings of the newer process, unless its wire version is lower', async (bench) => {
    await beat(bench, 'n1', '1|1|1500', true)
    expect(await beat(bench, 'n2', '1|1|900', true)).toMatchObject({ settings: '1|1|900' })
    expect(await beat(bench, 'n3', '1|1|1500')).toMatchObject({ settings: '1|1|900' })
    await beat(bench, 'n4', '2|1|900', true)
    expect(await beat(bench, 'n5', '1|1|1500', true)).toMatchObject({ settings: '2|1|900' })
  })

  test('write settings again where they are lost, and a new record keeps them', async (bench) => {
    await beat(bench, 'n1')
    for (const how of ['absent', 'foreign'] as const) {
      await bench.world.loseRecord(how)
      expect(await beat(bench, 'n2', '1|2|3')).toMatchObject({ settings: '1|2|3' })
      await bench.lease([])
      expect(await beat(bench, 'n3')).toMatchObject({ settings: '1|2|3', epoch: bench.epoch })
    }
  })

  test('find the registry that was born with the first', async (bench) => {
    expect(await beat(bench, 'n1')).toMatchObject({ birth: 'n1' })
    expect(await beat(bench, 'n2')).toMatchObject({ birth: 'n1' })
  })

  test('arrive on a subscription made anew, and so do messages', async (bench) => {
    bench.world.remote.bus?.resubscribe(0, 'test')
    expect(await bench.subscriptions.next()).toBeGreaterThan(bench.generation)
    await beat(bench, 'again')
    expect(parseDirect(await bench.directs.next())).toMatchObject({ nonce: 'again' })
    await bench.invalidate('after')
    expect(await bench.message()).toMatchObject({ keys: ['after'] })
  })
}
