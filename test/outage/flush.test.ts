/** A server that keeps answering, but loses its data or has no room for more. */
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { type ItemCache, useWorld, type World } from './world.ts'

const flushes = 30
const trustMs = 1_500

describeWithRedis('a server', () => {
  const theWorld = useWorld()

  it('that is flushed under load fails no read and serves nothing old', async () => {
    const world = theWorld()
    const caches = [await world.open(), await world.open()]
    const committed = { value: world.database.value }
    let isDone = false
    const writing = (async () => {
      for (let flush = 0; flush < flushes; flush++) {
        for (let write = 0; write < 5; write++) await commit(world, caches[0], committed)
        await world.admin.flushall()
      }
      isDone = true
    })()
    const reading = caches.flatMap((cache) =>
      ['strict', 'bounded'].map(async (mode) => {
        let reads = 0
        while (!isDone) {
          const floor = mode === 'strict' ? committed.value : 0
          const consistency = mode === 'strict' ? 'strict' : 'bounded'
          const got = await cache.item.get('a', { consistency })
          expect(got).toBeGreaterThanOrEqual(floor)
          reads++
          if (reads % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
        return reads
      }),
    )
    await writing
    const reads = await Promise.all(reading)
    expect(Math.min(...reads)).toBeGreaterThan(0)
    for (const cache of caches) {
      await eventually('memory has the last value', async () => {
        const outcome = await cache.item.lookup('a')
        return outcome.from === 'memory' && outcome.value === committed.value
      })
      expect(cache.health().state).toBe('ok')
    }
  })

  it('that loses one slot loses nothing else', async () => {
    const { admin, open, database } = theWorld()
    const [cache, other] = [await open(), await open()]
    await cache.item.get('a')
    await cache.settled()
    const [slot] = await admin.keys('*:k:item:a')
    await admin.del(String(slot))
    database.value = 2
    expect(cache.item.peek('a')).toBe(1)
    expect(await other.item.get('a')).toBe(2)
    expect(await cache.item.get('a', { consistency: 'strict' })).toBe(2)
  })

  it('without room for more: reads load, invalidations work, memory heals with it', async () => {
    const { admin, open, database } = theWorld()
    const [cache, other] = [await open(), await open()]
    await cache.item.get('a')
    await cache.settled()
    await other.item.get('a')
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    await admin.config('SET', 'maxmemory', '1')
    database.value = 2
    await eventually('it has noticed', () => cache.health().state !== 'ok')
    const receipt = await cache.item.invalidate('a')
    expect(receipt.pending).toEqual([])
    expect(await cache.item.get('a')).toBe(2)
    expect(await other.item.get('a', { after: receipt })).toBe(2)
    const startMs = performance.now()
    for (let call = 0; call < 50; call++) expect(await cache.item.get(`${call}`)).toBe(2)
    expect(performance.now() - startMs).toBeLessThan(2_500)
    await admin.config('SET', 'maxmemory', '0')
    await eventually('both are healthy', () =>
      [cache, other].every((one) => one.health().state === 'ok'),
    )
    await eventually('memory hits again', async () => {
      return (await cache.item.lookup('a')).from === 'memory'
    })
  })

  it('that is restarted with old data brings nothing back', async () => {
    const { admin, server, open, database } = theWorld()
    const cache = await open({ redis: server.url })
    await cache.item.get('a')
    await cache.settled()
    const slots = new Map<string, string>()
    for (const key of await admin.keys('*:k:*')) slots.set(key, String(await admin.get(key)))
    const meta = (await admin.keys('*:m'))[0] ?? ''
    const record = await admin.hgetall(meta)
    database.value = 2
    await cache.item.invalidate('a')
    await server.restart()
    for (const [key, text] of slots) await admin.set(key, text, 'PX', 60_000)
    await admin.del(meta)
    await admin.hset(meta, record)
    await eventually('the cache is healthy', () => cache.health().state === 'ok', 4 * trustMs)
    expect(await cache.item.get('a')).toBe(2)
    const other = await open({ redis: server.url })
    expect(await other.item.get('a')).toBe(2)
  })
})

async function commit(
  { database }: World,
  cache: ItemCache | undefined,
  committed: { value: number },
): Promise<void> {
  const value = ++database.value
  await cache?.item.invalidate('a')
  committed.value = value
}
