/** A server that is there and says nothing: the fault that only time shows. */
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { budgetMs, noiseMs, timed, useWorld } from './world.ts'

const calls = 50
/** After so many a Redis is known to be away. */
const failuresMax = 3
const givenUpMs = 15_000

describeWithRedis('a frozen Redis', () => {
  const theWorld = useWorld()

  it('that froze while nobody asked delays few reads', async () => {
    const { server, open, database } = theWorld()
    const cache = await open()
    server.freeze()
    await eventually('it is noticed', () => cache.health().state !== 'ok')
    database.value = 2
    const waitsMs: number[] = []
    for (let call = 0; call < calls; call++) {
      waitsMs.push(
        await timed(async () => {
          expect(await cache.item.get('a')).toBe(2)
        }),
      )
    }
    expect(Math.max(...waitsMs)).toBeLessThan(budgetMs + noiseMs)
    const slow = waitsMs.filter((ms) => ms > budgetMs / 2)
    expect(slow.length).toBeLessThanOrEqual(failuresMax)
  })

  it('that froze during a load is not waited for: what was loaded is returned', async () => {
    const { server, open } = theWorld()
    let answeredMs = 0
    const cache = await open({
      sources: {
        item: async () => {
          server.freeze()
          answeredMs = performance.now()
          return 7
        },
      },
    })
    expect(await cache.item.get('a')).toBe(7)
    expect(performance.now() - answeredMs).toBeLessThan(noiseMs)
    const settledMs = await timed(() => cache.settled())
    expect(settledMs).toBeLessThan(2 * budgetMs + noiseMs)
  })

  it('is asked nothing more, however much is read meanwhile', async () => {
    const { server, admin, open, database } = theWorld()
    const cache = await open()
    await cache.item.get('a')
    const processed = async () =>
      Number(/total_commands_processed:(\d+)/.exec(await admin.info('stats'))?.[1])
    const before = await processed()
    server.freeze()
    await eventually('nobody waits for it', () => cache.health().state === 'down-to-source')
    const { loads } = database
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, id) => cache.item.get(`${round}-${id}`)))
    }
    expect(database.loads - loads).toBe(1_000)
    expect(cache.stats()).toMatchObject({ flights: 0, sources: { item: { waiting: 0 } } })
    server.resume()
    await eventually('the cache is healthy', () => cache.health().state === 'ok')
    expect((await processed()) - before).toBeLessThan(100)
  })

  it('keeps a batch waiting no longer than one read', async () => {
    const { server, open, database } = theWorld()
    const cache = await open()
    const ids = Array.from({ length: 450 }, (_, index) => `n${index}`)
    server.freeze()
    const tookMs = await timed(async () => {
      expect(await cache.item.getMany(ids)).toEqual(ids.map(() => database.value))
    })
    expect(tookMs).toBeLessThan(budgetMs + 2 * noiseMs)
  })

  it('answers a hundred writers at once, each within the budget', async () => {
    const { server, open } = theWorld()
    const cache = await open()
    server.freeze()
    const tookMs = await timed(async () => {
      const writes = Array.from({ length: 100 }, (_, index) => cache.item.invalidate(`${index}`))
      for (const write of await Promise.allSettled(writes)) {
        expect(write).toMatchObject({ reason: { code: 'SP_INVALIDATION_PENDING' } })
      }
    })
    expect(tookMs).toBeLessThan(budgetMs + 2 * noiseMs)
    expect(cache.pending()).toHaveLength(100)
    server.resume()
    await eventually('all are delivered', () => cache.pending().length === 0)
  })

  it('does not keep a cache from closing', async () => {
    const { server, open } = theWorld()
    const cache = await open()
    await cache.item.get('a')
    server.freeze()
    await cache.item.invalidate('a').catch(() => {})
    expect(await timed(() => cache.close())).toBeLessThan(4_000)
  })

  it('is dialled anew when it stays silent, and one connection of each kind is left', async () => {
    const { server, admin, open, database } = theWorld()
    const cache = await open({ redis: server.url })
    await cache.item.get('a')
    const reasons: string[] = []
    cache.observe({
      notify: (event) => {
        if (event.kind === 'link' && !event.up) reasons.push(event.reason)
      },
    })
    server.freeze()
    const isGivenUp = () => reasons.some((reason) => reason.includes('unanswered'))
    await eventually('it is given up', isGivenUp, givenUpMs)
    database.value = 2
    expect(await timed(() => cache.item.get('b'))).toBeLessThan(noiseMs)
    server.resume()
    await eventually('the cache is healthy', () => cache.health().state === 'ok')
    const count = async () =>
      String(await admin.client('LIST')).match(/name=\S*staleproof/g)?.length ?? 0
    await eventually('the old connections are gone', async () => (await count()) === 2)
    expect(await cache.item.get('b')).toBe(2)
  })
})
