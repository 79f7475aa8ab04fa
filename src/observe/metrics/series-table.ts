/** Values of metrics by their labels. What has the same labels, bounded, is one series. */
import { BucketCounts } from './bucket-counts.ts'
import { isWorstOf, labelsIn, type MetricDefinition, type MetricProfile } from './definition.ts'
import { type MetricLabels, type MetricName, metrics } from './definitions.ts'
import type { LabelBound, NameBounds } from './name-bounds.ts'

export type LabelsOf<Name extends MetricName> = Readonly<Record<MetricLabels[Name], string>>

/** Takes what events and reports say. */
export interface MetricSink {
  /** Raises a counter, or adds to a gauge. Undefined: not known, which is no series. */
  add<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number | undefined): void
  /** Counts in a histogram. */
  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, seen: Observed): void
}

export interface Observed {
  readonly value: number
  /** How many it stands for. Default 1. */
  readonly weight?: number
}

export type Labels = Readonly<Record<string, string>>

export interface Series {
  readonly labels: Labels
  /** Of a histogram: the sum of all. */
  readonly value: number
  /** Of a histogram: by edge, and of all. */
  readonly cumulative?: readonly number[] | undefined
}

interface Kept {
  readonly labels: Labels
  value: number
  readonly buckets: BucketCounts | undefined
}

/** One metric, with what is needed to find a series of it. */
interface Column {
  readonly definition: MetricDefinition
  readonly labels: readonly { readonly name: string; readonly bound: LabelBound }[]
  readonly isWorst: boolean
  readonly series: Map<string, Kept>
}

/** Between values of labels in the name of a series; no label of ours holds it. */
const separator = '\u0000'

export class SeriesTable implements MetricSink {
  readonly #profile: MetricProfile
  readonly #bounds: NameBounds
  readonly #columns = new Map<MetricName, Column>()

  constructor(profile: MetricProfile, bounds: NameBounds) {
    this.#profile = profile
    this.#bounds = bounds
  }

  add<Name extends MetricName>(
    name: Name,
    labels: LabelsOf<Name>,
    value: number | undefined,
  ): void {
    if (value === undefined || !Number.isFinite(value)) return
    const column = this.#column(name)
    const kept = this.#kept(column, labels)
    kept.value = column.isWorst ? Math.max(kept.value, value) : kept.value + value
  }

  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, seen: Observed): void {
    this.#kept(this.#column(name), labels).buckets?.add(seen.value, seen.weight ?? 1)
  }

  series(name: MetricName): readonly Series[] {
    const series = this.#columns.get(name)?.series.values() ?? []
    return Array.from(series, ({ labels, value, buckets }) => ({
      labels,
      value: buckets?.sum ?? value,
      cumulative: buckets?.cumulative(),
    }))
  }

  /** The labels of the series that something belongs to. */
  bounded(name: MetricName, labels: Labels): Labels {
    return boundedBy(this.#column(name), labels)
  }

  /** On the path of memory hits that are timed: nothing is made for a series that is there. */
  #kept(column: Column, labels: Labels): Kept {
    let series = ''
    for (const { name, bound } of column.labels) {
      series += bound.of(labels[name] ?? '') + separator
    }
    const known = column.series.get(series)
    if (known !== undefined) return known
    const { buckets: edges } = column.definition
    const buckets = edges && new BucketCounts(edges)
    const kept = { labels: boundedBy(column, labels), value: 0, buckets }
    column.series.set(series, kept)
    return kept
  }

  #column(name: MetricName): Column {
    const known = this.#columns.get(name)
    if (known !== undefined) return known
    const definition: MetricDefinition = metrics[name]
    const labels = labelsIn(definition, this.#profile).map((label) => {
      return { name: label, bound: this.#bounds.of(label, definition.labels[label] ?? []) }
    })
    const isWorst = isWorstOf(name, definition)
    const column = { definition, labels, isWorst, series: new Map<string, Kept>() }
    this.#columns.set(name, column)
    return column
  }
}

/** Of two tables that count different things: what has the same labels is one series. */
export function together(one: readonly Series[], other: readonly Series[]): readonly Series[] {
  if (one.length === 0 || other.length === 0) return [...one, ...other]
  const all = new Map<string, Series>()
  for (const series of [...one, ...other]) {
    const name = Object.values(series.labels).join(separator)
    const known = all.get(name)
    all.set(name, known ? { ...known, value: known.value + series.value } : series)
  }
  return [...all.values()]
}

function boundedBy(column: Column, labels: Labels): Labels {
  return Object.fromEntries(
    column.labels.map(({ name, bound }) => [name, bound.of(labels[name] ?? '')]),
  )
}
