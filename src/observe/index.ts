/** What listens to a cache: metrics, invalidations, usage, and the facts that it publishes. */
export type {
  DeclaredFamily,
  FamilyLatencies,
  Latency,
  LiveSourceFacts,
  PageUse,
  PoolFacts,
  PredictionFacts,
  PreloadFacts,
  ProcessFacts,
  ReporterParts,
  TaskFacts,
  WarmingFacts,
} from './process-facts.ts'
export { factsVersion } from './process-facts.ts'
export type { UsedKey } from './used-key.ts'
