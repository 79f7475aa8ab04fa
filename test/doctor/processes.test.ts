/** What processes publish, and what the doctor makes of it, when they are well and when not. */
import type { Redis } from 'ioredis'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { openReporter, type Reporter } from 'staleproof/ops'
import { expect, test } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { admit, examine, type Patient, toldBy } from './patient.ts'

type ProcessFacts = ReturnType<Reporter['own']>

const namespace = 'shop'
const hourMs = 3_600_000
const server = ['--maxmemory', '200mb', '--maxmemory-policy', 'allkeys-lru']
const unconfigured = [
  'CMD02 warn default',
  'LAT05 info latency-monitor-threshold',
  'SEC01 warn default',
]

const catalog = defineCatalog('shop', {
  price: family('price:{market}', { value: shape<number>(), ttl: '10m' }),
})

describeWithRedis('doctor beside services', () => {
  test('has nothing to say of caches that work', async () => {
    await withPatient(async ({ redis }) => {
      const services = await Promise.all(['api', 'bot'].map((name) => openService(redis.url, name)))
      try {
        const report = await examine(redis.url)

        expect(toldBy(report)).toEqual(unconfigured)
        const asked = ['CMD05', 'CMD06', 'CMD11', 'CMD12', 'KEY06', 'LAT01', 'PLT01', 'PLT03']
        const judged = report.findings.filter(({ id }) => asked.includes(id))
        expect(judged.map(({ status }) => status)).toEqual(asked.map(() => 'ok'))
      } finally {
        for (const service of services) await service.close()
      }
    })
  })

  test('compares the keys with the catalog', async () => {
    await withPatient(async ({ client, redis }) => {
      for (let at = 0; at < 100; at += 1) {
        await client.set(`{shop:0}:k:price:m${at}`, 'x', 'EX', 100 + at * 4)
      }
      for (let at = 0; at < 5; at += 1) {
        await client.set(`{shop:0}:k:price:late${at}`, 'x', 'EX', 7_200 + at * 61)
        await client.set(`{shop:0}:k:price:endless${at}`, 'x')
        await client.set(`{shop:0}:k:rate:m${at}`, 'x', 'EX', 300 + at * 13)
      }

      const report = await examine(redis.url, { catalog, namespace })

      expect(toldBy(report)).toEqual(
        [...unconfigured, 'KEY01 crit price', 'KEY02 crit price', 'KEY06 warn'].sort(),
      )
    })
  })

  test('reports what is wrong with processes, a fault of each kind', async () => {
    await withPatient(async (patient) => {
      const { client, redis } = patient
      const service = await openService(redis.url, 'shop')
      const healthy = service.facts()
      await service.close()
      await publish(client, faulty(healthy))
      await publish(client, other(healthy))
      await plantHistory(client)

      const report = await examine(redis.url, { namespace, only: ['CMD', 'PLT', 'LAT01'] })

      expect(toldBy(report)).toEqual(
        [
          'CMD02 warn default',
          'CMD04 crit shop',
          // Many keys, unchanged ones, and a full list.
          ...Array.from({ length: 3 }, () => 'CMD04 warn shop'),
          'CMD06 crit price',
          'CMD07 warn price',
          'CMD08 warn shop',
          'CMD11 warn price',
          'CMD12 crit price',
          'LAT01 warn shop',
          'PLT01 crit redis:0 of shop',
          'PLT02 warn top of shop',
          'PLT03 warn shop',
          'PLT04 warn price of shop',
          'PLT05 crit markets',
          'PLT06 warn shop',
          'PLT07 crit used_memory',
        ].sort(),
      )
    })
  })
})

interface Service {
  facts(): ProcessFacts
  close(): Promise<void>
}

/** A cache that publishes what it knows, and has read each of sixty keys five times. */
async function openService(url: string, name: string): Promise<Service> {
  const cache = await openCache(catalog, {
    service: name,
    namespace,
    redis: url,
    log: false,
    sources: { price: async (market) => market.length },
  })
  for (let round = 0; round < 5; round += 1) {
    for (let at = 0; at < 60; at += 1) await cache.price.get(`market${at}`)
  }
  const reporter = await openReporter(cache, { redis: url })
  return {
    facts: () => reporter.own(),
    async close() {
      await reporter.close()
      await cache.close()
    },
  }
}

/** Every fault that a process can tell of, but one. */
function faulty(healthy: ProcessFacts): ProcessFacts {
  const { stats } = healthy
  const [breaker] = Object.values(stats.breakers)
  const [price] = Object.values(stats.families)
  if (breaker === undefined || price === undefined) throw new Error('expected a breaker')
  const reads = { ...price.reads, memory: 0, redis: 100, source: 900 }
  return {
    ...healthy,
    process: 'shop.1',
    breadth: {
      ...{ calls: 50, keysP95: 300, keysMax: 4_000, reloads: 200, unchanged: 150 },
      ...{ wholesale: 30, lastWholesale: 'price:*' },
    },
    redisLatency: { count: 30_000, p50Ms: 2, p95Ms: 20, p99Ms: 30, maxMs: 40 },
    stats: {
      ...stats,
      families: { price: { ...price, reads, loads: 2_000 } },
      memory: { ...stats.memory, bytes: stats.memory.bytesMax + 1 },
      delivery: { ...stats.delivery, overflows: 2 },
      coherence: { ...stats.coherence, staleReads: { price: 1 } },
      breakers: { 'redis:0': { ...breaker, state: 'open' } },
    },
    parts: {
      pages: [{ page: '/', requests: 1_000, errors: 0, p95Ms: 5 }],
      warming: warmingSince(0),
      preloading: { activeGroups: 1, dropped: 0, families: { price: { loaded: 500, used: 9 } } },
      database: {
        max: 20,
        used: 20,
        idle: 0,
        waiting: 3,
        queries: 100,
        waits: 9,
        queryP95Ms: 20,
        waitP95Ms: 5,
      },
    },
  }
}

/** Another service, which declares another TTL and believes that it leads as well. */
function other(healthy: ProcessFacts): ProcessFacts {
  const { price } = healthy.families
  if (price === undefined) throw new Error('expected a family')
  return {
    ...healthy,
    process: 'bot.1',
    service: 'bot',
    families: { price: { ...price, ttlMs: 30_000 } },
    parts: { warming: warmingSince(Date.now()) },
  }
}

function warmingSince(lastSuccessMs: number): NonNullable<ProcessFacts['parts']['warming']> {
  return {
    name: 'markets',
    standing: 'elected',
    loads: 0,
    running: 0,
    waiting: 0,
    tasks: [
      {
        name: 'top',
        critical: false,
        everyMs: 60_000,
        executions: 9,
        successes: 1,
        failures: 8,
        isRunning: false,
        lastRunMs: lastSuccessMs,
        lastSuccessMs,
        lastDurationMs: 5,
        lastError: undefined,
      },
    ],
  }
}

/** As a process of two hours does it. */
async function publish(client: Redis, facts: ProcessFacts): Promise<void> {
  const atMs = Date.now()
  const text = JSON.stringify({ ...facts, startedMs: atMs - 2 * hourMs, atMs })
  await client.set(`{${namespace}:0}:o:p:${facts.process}`, text, 'PX', 20_000)
  await client.zadd(`{${namespace}:0}:o:index`, atMs + 20_000, facts.process)
}

/** A day in which memory grew, and a stale read a moment ago. */
async function plantHistory(client: Redis): Promise<void> {
  const nowMs = Date.now()
  const counts = { memoryHits: 0, redisHits: 0, loads: 0, invalidations: 0 }
  for (let hour = 24; hour >= 0; hour -= 1) {
    const sample = {
      atMs: nowMs - hour * hourMs,
      stepMs: 60_000,
      counts: { ...counts, staleReads: hour === 0 ? 1 : 0 },
      families: {},
      server: { used_memory: (48 - hour) * 1_000, maxmemory: 55_000 },
    }
    await client.xadd(`{${namespace}:0}:o:history`, '*', 's', JSON.stringify(sample))
  }
}

async function withPatient(work: (patient: Patient) => Promise<void>): Promise<void> {
  const patient = await admit(server)
  try {
    await work(patient)
  } finally {
    await patient.stop()
  }
}
