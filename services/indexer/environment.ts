/** The settings of the indexer, from the environment. */
import { z } from 'zod'
import { cacheSettings } from '../caches/settings.ts'
import { databaseSettings, processSettings, readEnvironment } from '../process/environment.ts'

export const schema = z.object({
  ...processSettings,
  ...cacheSettings,
  ...databaseSettings,
  API_URL: z.url(),
  UPSTREAM_URL: z.url(),
  /** Pause between two rounds over the watched addresses. */
  INDEXER_POLL_MS: z.coerce.number().int().min(50).max(600_000).default(1_000),
})

export function indexerEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
