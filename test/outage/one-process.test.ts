/** One process is cut off from Redis: it alone goes without, and comes back by itself. */
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Database, useWorld } from './world.ts'

describeWithRedis('two processes, of which one loses Redis', () => {
  const theWorld = useWorld()

  it('each stand for themselves: it reads from the source, the other goes on', async () => {
    const { server, proxy, open, database } = theWorld()
    const elsewhere = new Database()
    const cutOff = await open()
    const other = await open({ redis: server.url, sources: { item: elsewhere.load } })
    await cutOff.item.get('a')
    await cutOff.settled()

    proxy.mode('all', 'refuse')
    proxy.cut('all')
    await eventually('it is noticed', () => cutOff.health().state === 'down-to-source')
    database.value = 2

    expect(await cutOff.item.lookup('a')).toMatchObject({ value: 2, from: 'source' })
    expect(await other.item.get('a')).toBe(1)
    expect(await other.item.lookup('a')).toMatchObject({ from: 'memory' })
    await other.item.invalidate('a')
    expect(other.health()).toMatchObject({ state: 'ok', reasons: [] })
    expect(elsewhere.loads).toBe(0)

    proxy.mode('all', 'pass')
    await eventually('it is healthy again', () => cutOff.health().state === 'ok')
    expect(await other.item.get('b')).toBe(1)
    await other.settled()
    expect(await cutOff.item.lookup('b')).toMatchObject({ value: 1, from: 'redis' })
  })
})
