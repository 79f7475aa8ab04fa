/** A user of the bot. Money is play money: everyone starts with the same balance. */
import { z } from 'zod'

export const userSchema = z.object({
  id: z.number().int(),
  telegramId: z.number().int(),
  name: z.string(),
  /** US dollars that can be spent. */
  balance: z.number(),
  createdAt: z.iso.datetime(),
  /** Rises with every change; orders two versions without a clock. */
  revision: z.number().int().nonnegative(),
})
export type User = z.infer<typeof userSchema>
