/** The settings of the Products Manager, from the environment. */
import { z } from 'zod'
import { databaseSettings, processSettings, readEnvironment } from '../process/environment.ts'
import { defaultTtlSeconds } from './catalog.ts'

export const schema = z.object({
  ...processSettings,
  ...databaseSettings,
  /** Seconds that values of the domain `default` live. */
  REDIS_CACHE_TTL: z.coerce.number().int().min(1).max(604_800).default(defaultTtlSeconds),
})

export function productsEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
