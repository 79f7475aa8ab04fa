/** What was learned of reads, as it is handed from one process of the API to the next. */
import { z } from 'zod'

export const learnedReadsSchema = z.object({
  /** Milliseconds since 1970. */
  takenMs: z.number().int().nonnegative(),
  counts: z.array(z.object({ family: z.string(), id: z.unknown(), count: z.number() })),
})
