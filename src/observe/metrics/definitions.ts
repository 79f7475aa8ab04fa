/** Every metric that there is: exporters, alert rules, dashboards and documents follow from it. */
import { type CacheMetricLabels, cacheMetrics } from './cache-metrics.ts'
import { type CoherenceMetricLabels, coherenceMetrics } from './coherence-metrics.ts'
import type { MetricDefinition, MetricTable } from './definition.ts'
import { type ServerMetricLabels, serverMetrics } from './server-metrics.ts'
import { type ServiceMetricLabels, serviceMetrics } from './service-metrics.ts'

/** By name: the labels. */
export interface MetricLabels
  extends CacheMetricLabels,
    CoherenceMetricLabels,
    ServiceMetricLabels,
    ServerMetricLabels {}

export type MetricName = keyof MetricLabels

export const metrics: MetricTable<MetricLabels> = {
  ...cacheMetrics,
  ...coherenceMetrics,
  ...serviceMetrics,
  ...serverMetrics,
}

/** For those who have a name only at run time. */
export const definitions: ReadonlyMap<string, MetricDefinition> = new Map(Object.entries(metrics))
