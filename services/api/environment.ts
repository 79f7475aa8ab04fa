/** The settings of the API, from the environment. */
import { z } from 'zod'
import type { WarmingSettings } from '../caches/market-preloader.ts'
import { cacheSettings } from '../caches/settings.ts'
import {
  databaseSettings,
  processSettings,
  readEnvironment,
  userLimitSettings,
} from '../process/environment.ts'
import type { PredictionSettings } from './prediction.ts'

export const schema = z.object({
  ...processSettings,
  ...cacheSettings,
  ...databaseSettings,
  ...userLimitSettings,
  /** `off`: every read is answered by the database, to see what the cache saves. */
  CACHE: z.enum(['on', 'off']).default('on'),
  /** `off`: nothing is loaded ahead of its readers. */
  WARMING: z.enum(['on', 'off']).default('on'),
  WARMING_MS: z.coerce.number().int().min(1_000).max(86_400_000).default(300_000),
  WARMING_LOADS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(20),
  /** How far a price between 0 and 1 has to go for its market to be loaded at once. */
  WARMING_PRICE_MOVE: z.coerce.number().min(0.001).max(1).default(0.05),
  /** `off`: what traders read next is not predicted. */
  PREDICTION: z.enum(['on', 'off']).default('on'),
  /** A file; absent: reads are not recorded. */
  RECORD_ACCESSES: z.string().min(1).optional(),
})

/** Undefined: switched off, or there is no cache to warm. */
export function warmingIn(environment: z.output<typeof schema>): WarmingSettings | undefined {
  if (environment.WARMING === 'off' || environment.CACHE === 'off') return undefined
  return {
    everyMs: environment.WARMING_MS,
    loadsPerSecond: environment.WARMING_LOADS_PER_SECOND,
    priceMove: environment.WARMING_PRICE_MOVE,
  }
}

export function predictionIn(environment: z.output<typeof schema>): PredictionSettings {
  return { isOn: environment.PREDICTION === 'on', recordPath: environment.RECORD_ACCESSES }
}

export function apiEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
