// The settings of the local Bot API server.
import { z } from 'zod'
import { processSettings, readEnvironment } from '../process/environment.ts'

const { PORT, HOST, ADMIN_TOKEN, METRICS_TOKEN, LOG_LEVEL } = processSettings

export const schema = z.object({
  PORT: PORT.default(4130),
  HOST,
  /** Opens `/debug/health`; absent: it does not exist. */
  ADMIN_TOKEN,
  METRICS_TOKEN,
  LOG_LEVEL,
  /** What the bot must call itself with; begins with the bot's id, as real tokens do. */
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'a token is digits, a colon and letters')
    .default('4100:local'),
})

export type TelegramEnvironment = z.output<typeof schema>

export function telegramEnvironment(variables?: NodeJS.ProcessEnv): TelegramEnvironment {
  return readEnvironment(schema, variables)
}
