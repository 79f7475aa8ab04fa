/** What the dashboard shows, computed by the database. */
import { z } from 'zod'
import { namedCountSchema } from './product.ts'

const count = z.number().int()

export const dashboardSchema = z.object({
  products: count,
  withPicture: count,
  withAsin: count,
  brands: z.array(namedCountSchema),
  categories: z.array(namedCountSchema),
  /** By grade, `a` the best. */
  nutritionGrades: z.array(namedCountSchema),
  /** Means of what the labels say, for 100 g. */
  means: z.object({
    energyKj: z.number().nullable(),
    fatG: z.number().nullable(),
    sugarsG: z.number().nullable(),
    proteinsG: z.number().nullable(),
    saltG: z.number().nullable(),
  }),
  imports: z.object({ queued: count, running: count, done: count, failed: count }),
})
export type Dashboard = z.infer<typeof dashboardSchema>

export const dailyReportSchema = z.array(
  z.object({
    /** In UTC, such as `2026-03-01`. */
    day: z.string(),
    imports: count,
    rowsImported: count,
    rowsRejected: count,
    productsChanged: count,
  }),
)
export type DailyReport = z.infer<typeof dailyReportSchema>
