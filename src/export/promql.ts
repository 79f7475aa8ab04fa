/**
 * Expressions of Prometheus whose names are checked: a metric or a label that is not declared
 * does not compile, an edge that is no bucket is refused when the text is made.
 */
import { type MetricLabels, type MetricName, metrics } from '../observe/index.ts'

/** Matchers of labels; a text is equal, a regular expression matches as a whole. */
export type Matching<Name extends MetricName> = {
  readonly [Label in MetricLabels[Name] | TargetLabel]?: string | RegExp
}

/** Labels that Prometheus itself adds to every series. */
export type TargetLabel = 'job' | 'instance'

/** Series of a metric: `cache_gets_total{result="hit"}`. */
export function series<Name extends MetricName>(name: Name, matching: Matching<Name> = {}): string {
  return selector(name, matching)
}

/** How many a histogram has counted. */
export function countOf<Name extends MetricName>(
  name: Name,
  matching: Matching<Name> = {},
): string {
  return selector(`${name}_count`, matching)
}

/** How many a histogram has counted up to an edge. */
export function upTo<Name extends MetricName>(
  name: Name,
  edge: number,
  matching: Matching<Name> = {},
): string {
  const edges = metrics[name].buckets ?? []
  if (!edges.includes(edge)) throw new RangeError(`${name} has no bucket that ends at ${edge}`)
  return selector(`${name}_bucket`, { ...matching, le: edgeText(edge) })
}

/** All buckets of a histogram. */
export function bucketsOf<Name extends MetricName>(
  name: Name,
  matching: Matching<Name> = {},
): string {
  return selector(`${name}_bucket`, matching)
}

export function rate(selected: string, window: string): string {
  return `rate(${selected}[${window}])`
}

export function increase(selected: string, window: string): string {
  return `increase(${selected}[${window}])`
}

export function sumBy(labels: readonly string[], expression: string): string {
  return labels.length === 0
    ? `sum(${expression})`
    : `sum by (${labels.join(', ')}) (${expression})`
}

export interface Slow<Name extends MetricName> {
  readonly metric: Name
  /** In the unit of the metric; one of its edges. */
  readonly edge: number
  readonly window: string
  readonly by: readonly (MetricLabels[Name] | TargetLabel)[]
  readonly matching?: Matching<Name>
}

/**
 * The part that took longer than an edge. Over 0.05 is the same as p95 above the edge, without
 * the guess within a bucket that `histogram_quantile` makes.
 */
export function shareAbove<Name extends MetricName>(slow: Slow<Name>): string {
  const { metric, edge, window, by, matching = {} } = slow
  const within = sumBy(by, rate(upTo(metric, edge, matching), window))
  return `1 - ${within} / ${sumBy(by, rate(countOf(metric, matching), window))}`
}

/** As exporters print it; of a whole number some print `100.0`. */
function edgeText(edge: number): string | RegExp {
  return Number.isInteger(edge) ? new RegExp(`${edge}([.]0)?`) : String(edge)
}

function selector(
  name: string,
  matching: Readonly<Record<string, string | RegExp | undefined>>,
): string {
  const matchers = Object.entries(matching).flatMap(([label, value]) => {
    if (value === undefined) return []
    if (typeof value === 'string') return [`${label}=${JSON.stringify(value)}`]
    return [`${label}=~${JSON.stringify(value.source.replaceAll('\\/', '/'))}`]
  })
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`
}
