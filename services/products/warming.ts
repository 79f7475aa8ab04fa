/**
 * What is kept warm (document 4): at the start and every five minutes, by one process of all, and
 * never at the cost of those who read. Without the dashboard somebody waits for its statements,
 * so its failure is a warning; what a list lacks is loaded by whoever asks for it.
 */
import { openWarmer, type WarmBudget, type Warmer, type WarmTask } from 'staleproof/warm'
import type { ServiceLogger } from '../process/logger.ts'
import { appSettingsDefault } from './app-settings.ts'
import type { ProductsCache, ProductsFamilies } from './catalog.ts'

export interface WarmingOptions {
  readonly cache: ProductsCache
  readonly log: ServiceLogger
}

export function openWarming({ cache, log }: WarmingOptions): Warmer {
  return openWarmer(cache, { name: 'products', every: '5m', tasks: tasksOf(cache), log })
}

/** What ends before the next turn, and a little later, is loaded anew. */
const freshForMs = 330_000

const tasksOf = (cache: ProductsCache): readonly WarmTask[] => [
  {
    name: 'dashboard_stats',
    critical: true,
    run: (signal, budget) => warm(budget, { family: 'dashboardStats', signal }),
  },
  {
    name: 'products_first_page',
    critical: false,
    run: async (signal, budget) => {
      await warm(budget, { family: 'productsCount', signal })
      const { pageSize: limit } = (await cache.appSettings.get({ signal })) ?? appSettingsDefault
      const id = { category: '', search: '', limit, offset: 0 }
      await warm(budget, { family: 'productPage', id, signal })
    },
  },
  {
    name: 'brand_list',
    critical: false,
    run: (signal, budget) => warm(budget, { family: 'brands', signal }),
  },
]

interface Warmed {
  readonly family: keyof ProductsFamilies
  /** Absent where the family has one key alone. */
  readonly id?: unknown
  readonly signal: AbortSignal
}

async function warm(budget: WarmBudget, { family, id, signal }: Warmed): Promise<void> {
  const { failed } = await budget.preload({ family, ids: [id], signal, freshFor: freshForMs })
  if (failed > 0) throw new Error(`${family} could not be loaded`)
}
