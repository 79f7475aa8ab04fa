import { parseDirect } from '../../core/message.ts'
import { askOf, NOTE, PROCESS, type StoreBench, type Topic } from './bench.ts'

const barrier = { id: 'bArRiEr1', process: PROCESS }

async function register(bench: StoreBench, process: string, registryMs = 60_000): Promise<void> {
  const beat = { nonce: `n-${process}`, trustMs: 1500, settings: '1|1|1500', isFirst: true }
  await bench.store.beat(0, { process, registryMs, ...beat })
}

export const barriers: Topic = ({ expect }, test) => {
  test('show who was registered when the message was sent', async (bench) => {
    await register(bench, 'p1', 60_000)
    await register(bench, 'p2', 70_000)
    const registered = {
      birth: 'n-p1',
      members: [
        { process: 'p1', trustMs: 1500 },
        { process: 'p2', trustMs: 1500 },
      ],
    }
    const asks = [askOf('k')]
    const pattern = 'k*'
    const replies = [
      await bench.store.invalidate(0, { ...NOTE, asks, barrier }),
      await bench.store.tellPattern(0, { ...NOTE, pattern, barrier }),
      await bench.raiseFor(barrier, 'tag'),
      await bench.raiseFor(barrier),
    ]
    for (const [at, reply] of replies.entries()) {
      expect(reply).toMatchObject({ epoch: bench.epoch, seq: at + 1, receivers: 1, registered })
      expect(await bench.message()).toMatchObject({ seq: at + 1, barrier })
    }
  })

  test('are not asked for by others', async (bench) => {
    await register(bench, 'p1')
    expect((await bench.invalidate('k')).registered).toBe(undefined)
    expect((await bench.raise('tag')).registered).toBe(undefined)
    expect((await bench.message()).barrier).toBe(undefined)
  })

  test('count no process that has left', async (bench) => {
    await register(bench, 'p1')
    await register(bench, 'p1', 0)
    const reply = await bench.raiseFor(barrier)
    expect(reply.registered).toEqual({ birth: 'n-p1', members: [] })
  })

  test('show that the registry is lost', async (bench) => {
    const reply = await bench.raiseFor(barrier)
    expect(reply.registered).toEqual({ birth: '', members: [] })
  })

  test('are acknowledged to the process that waits', async (bench) => {
    await bench.store.acknowledge(0, { barrier, process: 'p2' })
    const acknowledged = parseDirect(await bench.directs.next())
    expect(acknowledged).toEqual({ kind: 'acknowledged', barrierId: barrier.id, process: 'p2' })
  })
}
