/** The settings of the workers, from the environment. */
import { z } from 'zod'
import { marketDataDefaults, marketSources } from '../caches/market-data-layer.ts'
import { cacheSettings } from '../caches/settings.ts'
import { databaseSettings, processSettings, readEnvironment } from '../process/environment.ts'

const milliseconds = z.coerce.number().int().min(0).max(3_600_000)
const wait = z.coerce.number().int().min(1).max(3_600_000)

export const schema = z.object({
  ...processSettings,
  ...cacheSettings,
  ...databaseSettings,
  API_URL: z.url(),
  UPSTREAM_URL: z.url(),
  UPSTREAM_WS_URL: z.url(),
  /** Longest wait of a price change before positions show it. */
  POSITION_DEBOUNCE_MS: milliseconds.default(15_000),
  /** Longest wait of a quote before it is written. */
  PRICE_BATCH_MS: wait.default(200),
  /** Pause between two imports of markets. */
  MARKET_IMPORT_MS: wait.default(300_000),
  /** Sources of quotes that are switched on at the start, with commas between them. */
  QUOTE_SOURCES: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(marketSources)))
    .default([...marketDataDefaults.enabled]),
  /** A market channel without quotes for so long counts as down. */
  STREAM_SILENT_MS: wait.default(marketDataDefaults.streamSilentMs),
  /** A source that is down for so long is replaced by the next. */
  SOURCE_FALL_MS: wait.default(marketDataDefaults.fallMs),
  /** A better source that has been up for so long is returned to. */
  SOURCE_RETURN_MS: wait.default(marketDataDefaults.returnMs),
  /** Pause between two polls of quotes. */
  QUOTE_POLL_MS: wait.default(marketDataDefaults.pollMs),
})

export function workersEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
