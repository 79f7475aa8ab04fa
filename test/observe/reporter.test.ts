import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { openReporter } from 'staleproof/ops'
import { afterEach, expect, it } from 'vitest'
import { describeRedis, useCaches } from '../contract/caches.ts'
import { eventually } from '../servers/eventually.ts'

const catalog = defineCatalog('told', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1m', hitTarget: 0.9 }),
})
const factsTtlMs = 20_000

describeRedis('a reporter', (bench) => {
  const ends: { close(): Promise<void> }[] = []

  // Before the caches that they report of.
  afterEach(async () => {
    for (const reporter of ends.splice(0)) await reporter.close()
  })

  async function reported(service: string) {
    const sources = { item: async (id: string) => id }
    const cache: Cache<(typeof catalog)['families']> = await bench.open(catalog, {
      ...{ service, sources },
    })
    const parts = () => ({ pages: [{ page: '/', requests: 1, errors: 0, p95Ms: 1 }] })
    const reporter = await openReporter(cache, { redis: bench.server.url, parts })
    ends.push(reporter)
    return { cache, reporter }
  }

  function named(name: string): string {
    return `{${bench.namespace}:0}:o:${name}`
  }

  it('tells others what its process knows, and goes when it is closed', async () => {
    const { cache, reporter } = await reported('api')
    const { reporter: other } = await reported('bot')
    await cache.item.get('a')
    await cache.settled()
    const { processes, isComplete, skipped } = await reporter.facts()
    expect({ isComplete, skipped }).toEqual({ isComplete: true, skipped: 0 })
    expect(processes.map(({ facts }) => facts.service).sort()).toEqual(['api', 'bot'])
    const own = processes.find(({ facts }) => facts.process === reporter.process)
    expect(own?.facts.stats.families).toEqual(cache.stats().families)
    expect(own?.facts.latencies.item?.load.count).toBe(1)
    const heard = (await other.facts()).processes.find(({ facts }) => facts.service === 'api')
    expect(heard?.facts).toMatchObject({ pid: process.pid, catalog: 'told' })
    expect(heard?.facts.families.item).toMatchObject({ template: 'item:{id}', hitTarget: 0.9 })
    expect(heard?.facts.parts.pages).toHaveLength(1)
    expect(heard?.ageMs).toBeGreaterThanOrEqual(0)
    await reporter.close()
    expect((await other.facts()).processes.map(({ facts }) => facts.service)).toEqual(['bot'])
  })

  it('leaves nothing without an end', async () => {
    const { reporter } = await reported('api')
    const leftMs = await bench.client.pttl(named(`p:${reporter.process}`))
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(factsTtlMs)
    const keys = await bench.client.keys(named('*'))
    expect(keys).toHaveLength(2)
    for (const key of keys) expect(await bench.client.pttl(key)).toBeGreaterThan(0)
  })

  it('skips and counts what another version publishes, and who is dead', async () => {
    const { reporter } = await reported('api')
    const other = JSON.stringify({ ...reporter.own(), schemaVersion: 2 })
    await bench.client.set(named('p:old'), other, 'PX', factsTtlMs)
    const untilMs = Date.now() + factsTtlMs
    await bench.client.zadd(named('index'), untilMs, 'old', untilMs, 'dead')
    const { processes, skipped } = await reporter.facts()
    expect(processes).toHaveLength(1)
    expect(skipped).toBe(1)
  })

  it('goes on without Redis, and the cache with it', async () => {
    const { cache, reporter } = await reported('api')
    await bench.server.kill()
    const { processes, isComplete } = await reporter.facts()
    expect(isComplete).toBe(false)
    expect(processes).toHaveLength(1)
    expect(await reporter.history()).toEqual([])
    expect(await cache.item.get('b')).toBe('b')
    await bench.server.restart()
    await eventually('it is told again', async () => (await reporter.facts()).isComplete)
  })

  it('tells one row of an invalidation in every process, with the service that asked', async () => {
    const { cache, reporter } = await reported('api')
    const { reporter: other } = await reported('bot')
    await cache.item.invalidate('a', { reason: 'moved', subject: 'user 7' })
    await eventually('the other has heard of it', () => other.invalidations.seen > 0)
    const what = { origin: 'api', keys: ['item:a'], reason: 'moved', scope: 'key' }
    expect(reporter.invalidations.rows()).toMatchObject([
      { ...what, via: 'call', subject: 'user 7', reached: 2 },
    ])
    expect(other.invalidations.rows()).toMatchObject([{ ...what, via: 'message' }])
  })
})

const { open } = useCaches(() => ({}))

it('a reporter without Redis tells of its own process', async () => {
  const reporter = await openReporter(await open(catalog, { service: 'alone' }))
  const { processes, isComplete } = await reporter.facts()
  expect(processes.map(({ facts }) => facts.service)).toEqual(['alone'])
  expect(isComplete).toBe(true)
  expect(await reporter.history()).toEqual([])
  await reporter.close()
})
