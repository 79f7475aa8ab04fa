/** The settings of the workers, from the environment. */
import { z } from 'zod'
import { databaseSettings, processSettings, readEnvironment } from '../process/environment.ts'

const milliseconds = z.coerce.number().int().min(0).max(3_600_000)

const schema = z.object({
  ...processSettings,
  ...databaseSettings,
  API_URL: z.url(),
  UPSTREAM_URL: z.url(),
  UPSTREAM_WS_URL: z.url(),
  /** Longest wait of a price change before positions show it. */
  POSITION_DEBOUNCE_MS: milliseconds.default(15_000),
  /** Longest wait of a quote before it is written. */
  PRICE_BATCH_MS: milliseconds.default(200),
  /** Pause between two imports of markets. */
  MARKET_IMPORT_MS: milliseconds.default(300_000),
})

export function workersEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
