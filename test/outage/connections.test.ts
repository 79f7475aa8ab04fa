import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { grant, type ItemCache, useWorld, type World } from './world.ts'

const perProcess = 2

describeWithRedis('connections', () => {
  const theWorld = useWorld()

  it('are two for a process, whatever it is asked for at once', async () => {
    const world = theWorld()
    const caches = [await world.open(), await world.open()]
    const most = await mostWhile(world, async () => {
      const reads = Array.from({ length: 100 }, (_, index) => {
        const cache = caches[index % 2]
        return Promise.all([
          cache?.item.get(`${index}`),
          cache?.item.get(`${index}`, { consistency: 'strict' }),
          cache?.item.invalidate(`${index + 1}`),
        ])
      })
      await Promise.all(reads)
    })
    expect(most).toBe(caches.length * perProcess)
  })

  it('are two after twenty restarts of the server', async () => {
    const world = theWorld()
    const cache = await world.open({ redis: world.server.url })
    for (let restart = 0; restart < 20; restart++) {
      await world.server.restart()
      expect(await cache.item.get(`${restart}`)).toBe(world.database.value)
    }
    await grant(world.admin)
    await isHealthy(cache)
    expect(await count(world)).toBe(perProcess)
    await cache.close()
    await eventually('none is left', async () => (await count(world)) === 0)
  })

  it('are two after they were reset again and again while the cache was read', async () => {
    const world = theWorld()
    const cache = await world.open()
    for (let cut = 0; cut < 20; cut++) {
      world.proxy.cut(cut % 3 === 0 ? 'command' : cut % 3 === 1 ? 'subscriber' : 'all')
      await Promise.all([cache.item.get(`${cut}`), cache.item.get('a')])
    }
    await isHealthy(cache)
    expect(await count(world)).toBe(perProcess)
    expect(world.proxy.count('all')).toBe(perProcess)
  })

  it('are two after the server has closed one side only', async () => {
    const world = theWorld()
    const cache = await world.open()
    world.proxy.halfClose('all', 'client')
    await eventually('it has noticed', () => cache.health().state !== 'ok')
    await isHealthy(cache)
    await eventually('the old ones are gone', async () => (await count(world)) === perProcess)
  })
})

async function isHealthy(cache: ItemCache): Promise<void> {
  await eventually('the cache is healthy', () => cache.health().state === 'ok')
}

async function count({ admin }: World): Promise<number> {
  return String(await admin.client('LIST')).match(/name=\S*staleproof/g)?.length ?? 0
}

async function mostWhile(world: World, work: () => Promise<unknown>): Promise<number> {
  let most = 0
  let isDone = false
  const working = work().finally(() => {
    isDone = true
  })
  while (!isDone) most = Math.max(most, await count(world))
  await working
  return Math.max(most, await count(world))
}
