/** Keeps warm what will be read: tasks, budgets, and preloading that learns. */
import { systemClock } from '../system.ts'
import { LearningPreloader, type Preloader } from './preloader.ts'
import type { PreloaderOptions } from './preloader-options.ts'
import { TaskWarmer, type WarmedCache, type Warmer } from './warmer.ts'
import type { WarmerOptions } from './warmer-options.ts'

export type { Access, AccessListener } from './access.ts'
export { type RecordOptions, recordAccesses } from './access-recorder.ts'
export type { Readable } from './association.ts'
export type { LearnedCount, LearnedCounts } from './learned.ts'
export type { PageUse, PreloadedFamily } from './learner.ts'
export type { PredictorState } from './precision-guard.ts'
export type { Stay } from './precision-trials.ts'
export { openPredictor, type Predictor, type PredictorOptions } from './predictor.ts'
export {
  type PredictedMemory,
  type PredictedRead,
  PredictorEngine,
  type PredictorReport,
} from './predictor-engine.ts'
export type { Session } from './predictor-history.ts'
export type { Preloaded, PreloadRequest, PreloadResult } from './preload.ts'
export type { PageReport, Preloader, PreloadReport } from './preloader.ts'
export type { PreloaderOptions, PreloadFamily, PreloadGroups } from './preloader-options.ts'
export type { TaskReport, WarmBudget, WarmTask } from './warm-task.ts'
export type { NotedAccess, Standing, WarmedCache, Warmer, WarmingReport } from './warmer.ts'
export type { WarmerOptions, WarmLog } from './warmer-options.ts'

/**
 * Runs tasks in the background, at once and every five minutes, in one process of all that
 * open a warmer of the same name. Throws `SP_OPTION_…`.
 *
 * @example
 * const warmer = openWarmer(cache, {
 *   tasks: [{ name: 'leaders', critical: true, run: () => cache.leaderboard.get() }],
 * })
 */
export function openWarmer(cache: WarmedCache, options: WarmerOptions = {}): Warmer {
  return new TaskWarmer(cache, options, options.clock ?? systemClock)
}

/**
 * Learns what is read of the declared families, and loads it ahead of its readers, within the
 * budget of the warmer. Throws `SP_OPTION_…`, and `SP_ID_…` for seeds that are no ids.
 *
 * @example
 * const preloader = openPreloader(warmer, {
 *   families: { marketList: { seeds: [{ order: 'volume', limit: 8, offset: 0 }] } },
 * })
 */
export function openPreloader(warmer: Warmer, options: PreloaderOptions): Preloader {
  return new LearningPreloader(warmer, options)
}
