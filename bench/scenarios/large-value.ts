/**
 * A value of 5 MB on its way to Redis and back: the longest time for which nothing else of
 * this process runs, beside JSON doing the same work at once.
 */
import { randomUUID } from 'node:crypto'
import { defineCatalog, family, openCache, shape } from 'staleproof'
import { type BenchMarket, marketsOf } from '../markets.ts'
import { spreadOf } from '../statistics.ts'
import { barOf, type Study, type StudyRow } from '../study.ts'

const catalog = defineCatalog('bench-large', {
  list: family('list:{name}', {
    value: shape<readonly BenchMarket[]>(),
    ttl: '10m',
    maxValueBytes: '16mb',
  }),
})
/** 5 MB of JSON. */
const marketCount = 10_700
const rounds = { full: 15, quick: 5 }
/** Loaded before: a service that runs has seen many values before a large one. */
const smallCount = 50
const smallLoads = 3_000
const blockMax = 1.2

type Steps = Readonly<Record<string, () => Promise<unknown> | unknown>>

export const largeValue: Study = {
  name: 'large-value',
  needsOwnRedis: false,
  async study({ redisUrl = '' }, isQuick) {
    const text = JSON.stringify(marketsOf(marketCount))
    let loaded: readonly BenchMarket[] = []
    const open = () => {
      const namespace = `bench-${randomUUID()}`
      const sources = { list: async () => loaded }
      const common = { redis: redisUrl, namespace, memory: false, log: false } as const
      return openCache(catalog, { service: 'bench', ...common, sources })
    }
    const cache = await open()
    const steps: Steps = {
      'JSON.stringify': () => JSON.stringify(loaded),
      'load and store': async () => {
        await cache.list.refresh('a')
        await cache.settled()
      },
      'JSON.parse': () => JSON.parse(text),
      'read from Redis': () => cache.list.get('a'),
    }
    try {
      const small = JSON.stringify(marketsOf(smallCount))
      for (let load = 0; load < smallLoads; load++) {
        loaded = JSON.parse(small)
        await cache.list.refresh('small')
      }
      const blocks = new Map<string, number[]>(Object.keys(steps).map((name) => [name, []]))
      const count = isQuick ? rounds.quick : rounds.full
      for (let round = 0; round < count; round++) {
        // Not frozen yet, as a source returns it.
        loaded = JSON.parse(text)
        for (const [name, step] of Object.entries(steps)) {
          blocks.get(name)?.push(await longestBlockMs(step))
        }
      }
      return resultOf(blocks, text.length)
    } finally {
      await cache.close()
    }
  },
}

function resultOf(blocks: ReadonlyMap<string, readonly number[]>, bytes: number) {
  const least = (name: string) => Math.min(...(blocks.get(name) ?? []))
  const rows = [...blocks].map(([name, found]): StudyRow => {
    return { name, figures: [Math.min(...found)], spread: spreadOf(found) }
  })
  const json = Math.max(least('JSON.stringify'), least('JSON.parse'))
  return {
    title: `A value of ${(bytes / 1e6).toFixed(1)} MB: the longest block of the event loop`,
    method:
      'CPU time between two turns of the event loop: the longest of a round, the least of all',
    columns: ['ms'],
    rows,
    bars: [
      barOf('longest block of load and store to JSON', least('load and store') / json, blockMax),
      barOf('longest block of a read to JSON', least('read from Redis') / json, blockMax),
    ],
  }
}

/**
 * Turns of the event loop follow each other at once; a long one is a block. Counted in CPU
 * time, because on a busy machine the clock counts what others do. It counts the thread
 * pool too, where this thread had to wait meanwhile: the least round is without that.
 */
async function longestBlockMs(step: () => Promise<unknown> | unknown): Promise<number> {
  globalThis.gc?.()
  let isOver = false
  let longestMicros = 0
  let last = process.cpuUsage()
  const turn = () => {
    const { user, system } = process.cpuUsage(last)
    longestMicros = Math.max(longestMicros, user + system)
    last = process.cpuUsage()
    if (!isOver) setImmediate(turn)
  }
  await nextTurn()
  last = process.cpuUsage()
  setImmediate(turn)
  await step()
  await nextTurn()
  isOver = true
  return longestMicros / 1_000
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
