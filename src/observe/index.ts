/** What listens to a cache: metrics, invalidations, usage, and the facts that it publishes. */
export type { InspectionTarget } from '../inspect/index.ts'
export {
  type FactsReading,
  factsTtlMs,
  type Published,
  publishFacts,
  readFacts,
} from './facts/facts-board.ts'
export { type FamilyRow, familyRow, familyRows } from './fleet/family-rows.ts'
export {
  type BreakerFacts,
  breakersOf,
  type Fleet,
  healthOf,
  totalsByProcess,
  totalsOfAll,
  worstLag,
  worstLatency,
} from './fleet/fleet.ts'
export {
  type FamilyTotals,
  hitRatioOf,
  hitsOf,
  noTotals,
  readsOf,
  sumOf,
  totalNames,
  totalsOf,
  totalsOfProcess,
} from './fleet/totals.ts'
export type { HistoryCount, HistorySample } from './history/history-sample.ts'
export { readHistory } from './history/history-stream.ts'
export { type HistorySeries, type SeriesName, seriesOf } from './history/series.ts'
export { type Follower, InvalidationFeed, type Taken } from './invalidations/invalidation-feed.ts'
export type { InvalidationRow } from './invalidations/invalidation-row.ts'
export {
  type CollectorOptions,
  hitsSampled,
  type MeasuredCache,
  type MetricReader,
  MetricsCollector,
  type OnObserved,
} from './metrics/collector.ts'
export {
  labelsIn,
  type MetricDefinition,
  type MetricProfile,
  seriesMax,
  unitOf,
} from './metrics/definition.ts'
export { definitions, type MetricLabels, type MetricName, metrics } from './metrics/definitions.ts'
export { type ExportOptions, type ResolvedExport, resolveExport } from './metrics/export-options.ts'
export {
  type FamilyOfKey,
  familyOfKeys,
  type InvalidationScope,
  partsOf,
} from './metrics/invalidation-scope.ts'
export type { Labels, LabelsOf, MetricSink, Observed, Series } from './metrics/series-table.ts'
export { serverMetrics } from './metrics/server-metrics.ts'
export {
  ServerSampler,
  type ServerSamplerOptions,
  serverCommands,
} from './metrics/server-sampler.ts'
export { type OpsConnection, runAll } from './ops-connection.ts'
export { type OpsNames, opsNames, readerCommands, reporterCommands } from './ops-names.ts'
export { OpsRoute } from './ops-route.ts'
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
export { openReporter, type ReportedCache, Reporter, type ReporterOptions } from './reporter.ts'
export { type ScalingFigures, type ServiceFigures, scalingFigures } from './scaling/figures.ts'
export { type Forecast, forecast, type Measured } from './scaling/forecast.ts'
export { memorySamples } from './scaling/memory-samples.ts'
export { recommend, type ScalingFacts } from './scaling/recommend.ts'
export type { CurvePoint, Recommendation } from './scaling/recommendation.ts'
export { type MemorySample, memoryForecast } from './scaling/redis-advice.ts'
export { KeyUsage, type KeyUsageOptions } from './usage/key-usage.ts'
export type { UsedKey } from './used-key.ts'
