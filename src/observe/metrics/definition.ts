/**
 * What a metric is: its kind, its labels with the values that each may have, and the edges of
 * its buckets. How many series a process can have follows from this alone.
 */

export interface MetricDefinition<Label extends string = string> {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: Readonly<Record<Label, LabelValues>>
  /** Upper edges, rising, in the unit of the name; only of a histogram. */
  readonly buckets?: readonly number[] | undefined
}

/** Metrics by name, with the labels of each: what names another is not built. */
export type MetricTable<Labels extends object> = {
  readonly [Name in keyof Labels]: MetricDefinition<Labels[Name] & string>
}

/** Closed: all values that there are. Open: names, of which so many are kept apart. */
export type LabelValues = readonly string[] | OpenLabel

/** Names beyond `max` are counted together, as `other`. */
export interface OpenLabel {
  readonly max: number
  /** It tells of what the other labels name: one value for each, so it makes no more series. */
  readonly isTold?: boolean
}

/** What names beyond the bound of an open label are counted as. */
export const otherName = 'other'

export type MetricUnit = 'seconds' | 'bytes' | 'microseconds' | 'ratio' | 'count'

const unitEndings: readonly (readonly [string, MetricUnit])[] = [
  ['_seconds', 'seconds'],
  ['_bytes', 'bytes'],
  ['_usec', 'microseconds'],
  ['_ratio', 'ratio'],
]

/** Stands at the end of the name, before `_total`. */
export function unitOf(name: string): MetricUnit {
  const bare = name.replace(/_total$/, '')
  return unitEndings.find(([ending]) => bare.endsWith(ending))?.[1] ?? 'count'
}

/** Where names are counted together: a length of time or a share is that of the worst. */
export function isWorstOf(name: string, { kind }: MetricDefinition): boolean {
  return kind === 'gauge' && ['seconds', 'microseconds', 'ratio'].includes(unitOf(name))
}

/** `vitals`: histograms tell families together, which spares two thirds of all series. */
export type MetricProfile = 'full' | 'vitals'

/** The labels that a metric has in a profile. */
export function labelsIn(
  { kind, labels }: MetricDefinition,
  profile: MetricProfile,
): readonly string[] {
  const names = Object.keys(labels)
  const isWhole = profile === 'full' || kind !== 'histogram'
  return isWhole ? names : names.filter((name) => name !== 'cache')
}

/** Series of one metric at most; `counts`: how many names of open labels there really are. */
export function seriesMax(
  definition: MetricDefinition,
  profile: MetricProfile,
  counts: Readonly<Record<string, number>> = {},
): number {
  // A histogram is a series for each edge, one for all, their sum and their number.
  const perSet = definition.kind === 'histogram' ? (definition.buckets?.length ?? 0) + 3 : 1
  return labelsIn(definition, profile).reduce((product, label) => {
    const values = definition.labels[label] ?? []
    return product * valuesMax(values, counts[label])
  }, perSet)
}

function valuesMax(values: LabelValues, count = Number.POSITIVE_INFINITY): number {
  if (!('max' in values)) return values.length
  return values.isTold === true ? 1 : Math.min(count, values.max + 1)
}

export function counter<Label extends string>(
  help: string,
  labels: Readonly<Record<Label, LabelValues>>,
): MetricDefinition<Label> {
  return { kind: 'counter', help, labels }
}

export function gauge<Label extends string>(
  help: string,
  labels: Readonly<Record<Label, LabelValues>>,
): MetricDefinition<Label> {
  return { kind: 'gauge', help, labels }
}

export function histogram<Label extends string>(
  help: string,
  labels: Readonly<Record<Label, LabelValues>>,
  buckets: readonly number[],
): MetricDefinition<Label> {
  return { kind: 'histogram', help, labels, buckets }
}
