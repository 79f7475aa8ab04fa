/** Metrics and spans of a cache for OpenTelemetry. */
import type { CacheMethods } from '../core/cache.ts'
import { Telemetry, type TelemetryOptions } from './telemetry.ts'

export type { MetricProfile, ReporterParts } from '../observe/index.ts'
export { Telemetry, type TelemetryOptions }

/**
 * Tells the providers of this process what a cache does from here on: all metrics, and a span for
 * each read that memory could not answer. Throws `SP_OPTION_…`.
 *
 * @example
 * const telemetry = openTelemetry(cache)
 */
export function openTelemetry(cache: CacheMethods, options: TelemetryOptions = {}): Telemetry {
  return new Telemetry(cache, options)
}
