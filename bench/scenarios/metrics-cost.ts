/** What metrics cost a memory hit, and how long a scrape takes. */
import { Registry } from 'prom-client'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { openMetrics } from 'staleproof/prometheus'
import { medianOf, spreadOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'

const keys = 10_000
const families = 20
const hitsInRow = 100_000
const rounds = { full: 31, quick: 9 }
/** Of a hit without them (issue 6). */
const ratioMax = 1.25

const catalog = defineCatalog('bench-metrics', {
  ...Object.fromEntries(
    Array.from({ length: families - 1 }, (_, at) => {
      return [`family${at}`, family(`family${at}:{id:int}`, { value: shape<number>(), ttl: '1h' })]
    }),
  ),
  item: family('item:{id:int}', { value: shape<{ id: number }>(), ttl: '1h' }),
})

export const metricsCost: Study = {
  name: 'metrics-cost',
  needsOwnRedis: false,
  async study(_stage, isQuick) {
    const cache = await filled()
    const register = new Registry()
    const turns = { without: [] as number[], with: [] as number[], scrape: [] as number[] }
    const withMetrics = async () => {
      const metrics = openMetrics(cache, { register })
      turns.with.push(await nanosPerHit(cache))
      turns.scrape.push(await microsOf(() => metrics.metrics()))
      await metrics.close()
    }
    // The same cache in both: two of them are not equally fast, by their places in memory.
    const without = async () => turns.without.push(await nanosPerHit(cache))
    try {
      for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
        const order = round % 2 === 0 ? [without, withMetrics] : [withMetrics, without]
        for (const turn of order) await turn()
      }
    } finally {
      await cache.close()
    }
    const ratios = turns.with.map((nanos, round) => nanos / (turns.without[round] ?? 0))
    const row = (name: string, figures: readonly number[]) => {
      return { name, figures: [medianOf(figures)], spread: spreadOf(figures) }
    }
    return {
      title: 'Metrics on a memory hit',
      method: `CPU time, median of rounds of ${hitsInRow} hits on ${keys} keys, interleaved`,
      columns: ['ns or µs'],
      rows: [
        row('hit without metrics, ns', turns.without),
        row('hit with metrics, ns', turns.with),
        row(`scrape of ${families} families, µs`, turns.scrape),
      ],
      bars: [barOf('a hit with metrics to one without', medianOf(ratios), ratioMax)],
    }
  },
}

async function filled() {
  const sources = { item: { many: async (ids: readonly number[]) => ids.map((id) => ({ id })) } }
  const options = { service: 'bench', log: false, sources } as const
  const cache = await openCache(catalog, options)
  for (let id = 0; id < keys; id += 200) {
    await cache.item.getMany(Array.from({ length: 200 }, (_, at) => id + at))
  }
  await cache.settled()
  return cache
}

type BenchCache = Awaited<ReturnType<typeof filled>>

/** After as many that are not measured: opening and closing metrics has it compiled anew. */
async function nanosPerHit(cache: BenchCache): Promise<number> {
  await hit(cache)
  return ((await microsOf(() => hit(cache))) * 1_000) / hitsInRow
}

async function hit(cache: BenchCache): Promise<void> {
  for (let hits = 0; hits < hitsInRow; hits++) await cache.item.get((hits * 7_919) % keys)
}

async function microsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
