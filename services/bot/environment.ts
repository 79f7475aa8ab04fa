/** The settings of the bot, from the environment. There is no database among them. */
import { z } from 'zod'
import { cacheSettings } from '../caches/settings.ts'
import { processSettings, readEnvironment, userLimitSettings } from '../process/environment.ts'

export const schema = z.object({
  ...processSettings,
  ...cacheSettings,
  ...userLimitSettings,
  API_URL: z.url(),
  TELEGRAM_BOT_TOKEN: z.string().min(1),
  /** Another Bot API server than Telegram's own. */
  TELEGRAM_API_ROOT: z.url().default('https://api.telegram.org'),
})

export function botEnvironment(): z.output<typeof schema> {
  return readEnvironment(schema)
}
