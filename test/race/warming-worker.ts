/** A process that warms one page, and counts what it does. */
import { openCache } from 'staleproof'
import { openWarmer, type TaskReport } from 'staleproof/warm'
import { type Calls, serveCalls } from '../servers/worker.ts'
import { catalog } from './catalog.ts'

export interface WarmingInit {
  readonly redisUrl: string
  readonly everyMs: number
  readonly leaseMs: number
}

export interface WarmingCalls extends Calls {
  /** The task, and how often this process has loaded the page. */
  readonly report: () => { standing: string; task: TaskReport | undefined; loads: number }
  /** Where it reads the page from. */
  readonly read: () => Promise<string>
}

serveCalls(async ({ redisUrl, everyMs, leaseMs }: WarmingInit): Promise<WarmingCalls> => {
  let loads = 0
  const load = async (id: number) => {
    loads++
    return { version: id }
  }
  const sources = { item: load }
  const cache = await openCache(catalog, { service: 'warm', redis: redisUrl, log: false, sources })
  const warmer = openWarmer(cache, {
    every: everyMs,
    lease: leaseMs,
    tasks: [
      {
        name: 'item',
        critical: true,
        run: (_, budget) => budget.preload({ family: 'item', ids: [7] }),
      },
    ],
  })
  return {
    report: () => {
      const { standing, tasks } = warmer.report()
      return { standing, task: tasks[0], loads }
    },
    read: async () => (await cache.item.lookup(7)).from,
  }
})
