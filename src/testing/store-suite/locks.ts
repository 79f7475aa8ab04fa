import type { LockReply } from '../../core/contracts/store.ts'
import type { StoreBench, Topic } from './bench.ts'

function lock(bench: StoreBench, token: string, ttlMs = 60_000): Promise<LockReply> {
  return bench.store.lock(0, { name: 'job', token, ttlMs })
}

async function fenceOf(bench: StoreBench, token: string): Promise<number> {
  const reply = await lock(bench, token)
  if (reply.kind === 'granted') return reply.fence
  throw new Error(`expected the lock, it is ${reply.kind}`)
}

export const locks: Topic = ({ expect }, test) => {
  test('have one holder at a time', async (bench) => {
    expect(await lock(bench, 'one')).toMatchObject({ kind: 'granted' })
    const taken = await lock(bench, 'other')
    const leftMs = taken.kind === 'taken' ? taken.leftMs : 0
    expect(leftMs).toBeGreaterThan(50_000)
    expect(60_001 - leftMs).toBeGreaterThan(0)
    const another = { name: 'another', token: 'other', ttlMs: 60_000 }
    expect(await bench.store.lock(0, another)).toMatchObject({ kind: 'granted' })
  })

  test('run on for their holder, with the same fence', async (bench) => {
    const fence = await fenceOf(bench, 'one')
    expect(await lock(bench, 'one', 600_000)).toEqual({ kind: 'granted', fence })
    const taken = await lock(bench, 'other')
    expect(taken.kind === 'taken' ? taken.leftMs : 0).toBeGreaterThan(500_000)
  })

  test('are given back by their holder alone', async (bench) => {
    await lock(bench, 'one')
    expect(await bench.store.unlock(0, { name: 'job', token: 'other' })).toBe(false)
    expect(await lock(bench, 'other')).toMatchObject({ kind: 'taken' })
    expect(await bench.store.unlock(0, { name: 'job', token: 'one' })).toBe(true)
    expect(await bench.store.unlock(0, { name: 'job', token: 'one' })).toBe(false)
    expect(await lock(bench, 'other')).toMatchObject({ kind: 'granted' })
  })

  test('have a higher fence for every new holder', async (bench) => {
    let last = 0
    for (const token of ['one', 'other', 'one']) {
      const fence = await fenceOf(bench, token)
      expect(fence).toBeGreaterThan(last)
      last = fence
      await bench.store.unlock(0, { name: 'job', token })
    }
  })

  test('that are lost are granted again, with a higher fence', async (bench) => {
    const first = await fenceOf(bench, 'one')
    await bench.world.loseLock('job')
    expect(await fenceOf(bench, 'other')).toBeGreaterThan(first)
    expect(await lock(bench, 'one')).toMatchObject({ kind: 'taken' })
  })

  test('are granted where the record of groups is lost or not ours', async (bench) => {
    for (const how of ['absent', 'foreign'] as const) {
      await bench.world.loseRecord(how)
      expect(await lock(bench, 'one')).toMatchObject({ kind: 'granted' })
      expect(await bench.leaseOne(`k-${how}`)).toMatchObject({ kind: 'granted' })
      await bench.store.unlock(0, { name: 'job', token: 'one' })
    }
  })
}
