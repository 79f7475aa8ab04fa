/** Settings of the application that an administrator changes while it runs. */
import { z } from 'zod'

export const appSettingsSchema = z.object({
  /** Products on a page where the caller does not say. */
  pageSize: z.number().int().min(1).max(100),
})
export type AppSettings = z.infer<typeof appSettingsSchema>

export const appSettingsDefault: AppSettings = { pageSize: 20 }
