// The settings of the market-data provider.
import { z } from 'zod'
import { processSettings, readEnvironment } from '../process/environment.ts'

const { PORT, HOST, ADMIN_TOKEN, METRICS_TOKEN, LOG_LEVEL } = processSettings

export const schema = z.object({
  PORT: PORT.default(4120),
  HOST,
  /** Opens `/control` and `/debug/health`; absent: those routes do not exist. */
  ADMIN_TOKEN,
  METRICS_TOKEN,
  LOG_LEVEL,
  /** Recorded time runs this much faster: 120 makes the two minutes between samples one second. */
  REPLAY_SPEED: z.coerce.number().positive().max(10_000).default(120),
  /** A folder of other recordings; see `docs/reference-system/data.md`. */
  UPSTREAM_DATA: z.string().optional(),
})

export type UpstreamEnvironment = z.output<typeof schema>

export function upstreamEnvironment(variables?: NodeJS.ProcessEnv): UpstreamEnvironment {
  return readEnvironment(schema, variables)
}
