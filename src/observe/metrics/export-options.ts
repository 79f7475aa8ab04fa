/** What all exporters of metrics take, checked once. */
import { fieldsOf, invalid } from '../../core/option-checks.ts'
import type { ReporterParts } from '../process-facts.ts'
import type { ScalingFigures } from '../scaling/figures.ts'
import type { MetricProfile } from './definition.ts'

export interface ExportOptions {
  /** `vitals`: histograms tell families together. Default `full`. */
  readonly profile?: MetricProfile | undefined
  /** What the service runs beside its cache; the same as for the reporter. */
  readonly parts?: (() => ReporterParts) | undefined
  /** What is advised, as last known. */
  readonly scaling?: (() => ScalingFigures | undefined) | undefined
}

export type ResolvedExport = {
  readonly [Name in keyof ExportOptions]-?: NonNullable<ExportOptions[Name]>
}

/** `others`: options of the one exporter alone. Throws `SP_OPTION_…`. */
export function resolveExport(
  where: string,
  options: ExportOptions,
  others: readonly string[],
): ResolvedExport {
  fieldsOf(where, options, ['profile', 'parts', 'scaling', ...others])
  const { profile = 'full', parts = () => ({}), scaling = () => undefined } = options
  if (profile !== 'full' && profile !== 'vitals') {
    throw invalid(where, 'profile', "'full' or 'vitals'", profile)
  }
  if (typeof parts !== 'function') throw invalid(where, 'parts', 'a function', parts)
  if (typeof scaling !== 'function') throw invalid(where, 'scaling', 'a function', scaling)
  return { profile, parts, scaling }
}
