/** What the guard against sensitive values costs, beside encoding the same value as JSON. */
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type BenchMarket, marketsOf } from '../markets.ts'
import { medianOf, spreadOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'

const value = shape<readonly BenchMarket[]>()
const options = { value, ttl: '10m', compress: false } as const
const catalog = defineCatalog('bench-guard', {
  guarded: family('guarded:{name}', options),
  open: family('open:{name}', { ...options, sensitive: 'allow' }),
})
const marketCount = 50
const loads = 200
const rounds = { full: 31, quick: 9 }
/** Of what JSON.stringify takes. */
const shareMax = 0.3

export const guardCost: Study = {
  name: 'guard-cost',
  needsOwnRedis: false,
  async study(_stage, isQuick) {
    const list = marketsOf(marketCount)
    const load = async () => list
    const sources = { guarded: load, open: load }
    const cache = await openCache(catalog, { service: 'bench', memory: false, log: false, sources })
    const steps = {
      'JSON.stringify': async () => JSON.stringify(list),
      'load, guarded': () => cache.guarded.refresh('a'),
      'load, not guarded': () => cache.open.refresh('a'),
    }
    const micros = new Map<string, number[]>(Object.keys(steps).map((name) => [name, []]))
    try {
      for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
        for (const [name, step] of Object.entries(steps)) {
          micros.get(name)?.push(await cpuMicrosOf(step))
        }
      }
    } finally {
      await cache.close()
    }
    const median = (name: keyof typeof steps) => medianOf(micros.get(name) ?? [])
    const cost = median('load, guarded') - median('load, not guarded')
    return {
      title: `The guard on a list of ${marketCount} markets`,
      method: `CPU time of ${loads} loads in a row, median of the rounds`,
      columns: ['µs'],
      rows: [...micros].map(([name, found]) => {
        return { name, figures: [medianOf(found)], spread: spreadOf(found) }
      }),
      bars: [barOf('the guard to JSON.stringify', cost / median('JSON.stringify'), shareMax)],
    }
  },
}

async function cpuMicrosOf(step: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let load = 0; load < loads; load++) await step()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / loads
}
