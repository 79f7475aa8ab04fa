/**
 * A process hears its own invalidations too. A cache that skips them by time, or by who sent
 * them, loses a message of another process that comes in between.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, trustMs, type WorkerPeer } from './arena.ts'
import { brokenPromises, type Reading } from './reading.ts'

const rounds = 40

describeWithRedis('two processes that invalidate one key by turns', () => {
  let arena: Arena
  let left: WorkerPeer
  let right: WorkerPeer

  beforeAll(async () => {
    arena = await Arena.open()
    ;[left, right] = await Promise.all([arena.worker(), arena.worker()])
  })
  afterAll(() => arena.close())

  it('see each other right after an invalidation of their own', async () => {
    const id = arena.nextId()
    const readings: { readonly reading: Reading; readonly own: number }[] = []
    let version = 0
    for (let round = 0; round < rounds; round += 1) {
      const [own, foreign] = round % 2 === 0 ? [left, right] : [right, left]
      arena.database.write('item', id, ++version)
      await own.call('invalidate', 'item', [id])
      readings.push({ reading: await own.call('read', 'item', id), own: version })
      arena.database.write('item', id, ++version)
      const { token, resolvedMs } = await foreign.call('invalidate', 'item', [id])
      const after = await own.call('read', 'item', id, { after: token })
      expect(after.version).toBe(version)
      const plain = await own.call('read', 'item', id)
      expect(brokenPromises([plain], { version, resolvedMs, trustMs })).toEqual([])
    }
    expect(readings.filter(({ reading, own }) => reading.version !== own)).toEqual([])
  })

  it('count their own message as applied, so that memory serves their own receipt', async () => {
    const id = arena.nextId()
    arena.database.write('item', id, 1)
    const { token, reached } = await left.call('invalidate', 'item', [id])
    expect(reached).toBe(2)
    await eventually('memory serves a read that carries the receipt', async () => {
      const { from } = await left.call('read', 'item', id, { after: token })
      return from === 'memory'
    })
  })
})
