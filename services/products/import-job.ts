/**
 * An import of products, from its order to its end:
 *
 *   queued ──claimed──▶ running ──▶ done
 *     ▲                   │  └────▶ failed   begun too often, and never ended
 *     └─── claim over ────┘
 */
import { z } from 'zod'

/** Rows of one import, and characters of what is uploaded. */
export const importRowsMax = 10_000
export const importBytesMax = 8 * 1_024 * 1_024
/** Rows that are named with what is wrong with them; further ones are only counted. */
export const importErrorsKept = 100

export const importErrorSchema = z.object({ row: z.number().int(), message: z.string() })
export type ImportError = z.infer<typeof importErrorSchema>

export const importJobSchema = z.object({
  id: z.string(),
  source: z.enum(['sample', 'upload']),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rows: z.object({
    /** Null until somebody has begun. */
    total: z.number().int().nullable(),
    done: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    /** Already there, or there in a newer version. */
    unchanged: z.number().int(),
    rejected: z.number().int(),
  }),
  errors: z.array(importErrorSchema),
  /** Why it failed as a whole. */
  failure: z.string().nullable(),
  attempts: z.number().int(),
  queuedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
})
export type ImportJob = z.infer<typeof importJobSchema>
