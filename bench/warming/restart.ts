/**
 * One restart with an empty Redis: a cache whose source is as slow as the documents say, and
 * readers who come some seconds later, in an order that a seed tells. With warming, the pages
 * that are popular are loaded meanwhile.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type LearnedCounts, openPreloader, openWarmer } from 'staleproof/warm'

/** How a restart is warmed; learned: with what was read before it. */
export type Warming = 'none' | 'seeds' | 'learned'

export interface RestartPlan {
  readonly redisUrl: string
  readonly warming: Warming
  readonly readsPerSecond: number
  /** How long readers come. */
  readonly readingMs: number
}

export interface RestartFigures {
  /** Of the most popular page. */
  readonly firstReadMs: number
  readonly readMs: readonly number[]
  readonly loads: number
  /** Of one core, by learning. */
  readonly busyShare: number
}

/** What a page takes to load: the least that the documents say. */
export const sourceMs = 2_000
/** From the start until readers come, as behind a balancer that asks for health first. */
export const untilReadyMs = 5_000
/** Short, so that each page ends while readers come. */
const ttl = '30s'
const pageCount = 40
/** The documents begin with seven pages: of these, they know the popular ones but for a few. */
const seeds = [0, 1, 2, 4, 7, 10, 12].map(String)
const budget = { concurrency: 10, loadsPerSecond: 20 }

const catalog = defineCatalog('bench-restart', {
  page: family('page:{rank}', { value: shape<string>(), ttl }),
})

export async function restart(plan: RestartPlan): Promise<RestartFigures> {
  let loads = 0
  const page = async (rank: string) => {
    loads++
    await wait(sourceMs)
    return `page ${rank}`
  }
  const cache = await openCache(catalog, {
    service: 'bench',
    redis: plan.redisUrl,
    namespace: `restart-${randomUUID()}`,
    log: false,
    sources: { page },
  })
  const warmer = openWarmer(cache, budget)
  const { warming, readingMs, readsPerSecond } = plan
  const order = visitsOf((readingMs / 1_000) * readsPerSecond)
  try {
    if (warming !== 'none') {
      const learned = warming === 'learned' ? countsOf(order) : undefined
      openPreloader(warmer, { learned, families: { page: { seeds, halfLife: '1m' } } })
    }
    await wait(untilReadyMs)
    const readMs = await readAll(order, readingMs, (rank) => cache.page.get(rank))
    const firstReadMs = readMs[order.indexOf('0')] ?? Number.NaN
    return { firstReadMs, readMs, loads, busyShare: warmer.report().busyShare }
  } finally {
    await warmer.close()
    await cache.clear()
    await cache.close()
  }
}

/** Evenly spread over the time, whatever the reads take. */
async function readAll(
  order: readonly string[],
  readingMs: number,
  read: (rank: string) => Promise<unknown>,
): Promise<readonly number[]> {
  const startedMs = performance.now()
  const reads: Promise<number>[] = []
  for (const [index, rank] of order.entries()) {
    const dueMs = startedMs + (index / order.length) * readingMs
    const leftMs = dueMs - performance.now()
    if (leftMs > 0) await wait(leftMs)
    const askedMs = performance.now()
    reads.push(read(rank).then(() => performance.now() - askedMs))
  }
  return Promise.all(reads)
}

/** Ranks of pages: the n-th is read 1/n as often as the first. */
function visitsOf(count: number): readonly string[] {
  const weights = Array.from({ length: pageCount }, (_, rank) => 1 / (rank + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const random = seeded(1)
  return Array.from({ length: count }, () => {
    let left = random() * total
    const rank = weights.findIndex((weight) => {
      left -= weight
      return left < 0
    })
    return `${Math.max(rank, 0)}`
  })
}

/** What an earlier process has counted of the same readers. */
function countsOf(order: readonly string[]): LearnedCounts {
  const counts = new Map<string, number>()
  for (const rank of order) counts.set(rank, (counts.get(rank) ?? 0) + 1)
  return {
    takenMs: Date.now(),
    counts: [...counts].map(([id, count]) => ({ family: 'page', id, count })),
  }
}

/** A linear congruential generator, as in Numerical Recipes. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
