/** The headers of requests that the services of the house agree on. */
import { z } from 'zod'

/** Carries the token of a receipt: out with a write, in with a later read. */
export const afterHeader = 'x-staleproof-after'

/** For whom a service asks: a name to count and to learn by, which gives no right to anything. */
export const endUserHeader = 'x-end-user'
export const endUserName = z.string().regex(/^[\w.:-]{1,64}$/)
