/** Histories of registers: their records, a recorder, and a checker of the promise. */
export { type CheckerOptions, checkHistory, HistoryChecker } from './checker.ts'
export {
  type FinalRecord,
  type FinalTier,
  finalTiers,
  type HistoryRecord,
  type HowInvalidated,
  type InvalidateRecord,
  type ReadMode,
  type ReadRecord,
  type ReadTier,
  readModes,
  readTiers,
  type SplitRecord,
  type WriteRecord,
  waysToInvalidate,
} from './record.ts'
export {
  type Answer,
  HistoryRecorder,
  type InvalidateAsked,
  type ReadAsked,
  type RecorderOptions,
} from './recorder.ts'
export { Story, storyOf } from './story.ts'
export type { HistoryVerdict, Rule, StaleServes, Violation } from './verdict.ts'
