/** Expressions that several panels share; variables of the dashboard narrow them down. */
import type { MetricLabels, MetricName } from '../../observe/index.ts'
import { bucketsOf, type Matching, rate, series, sumBy } from '../promql.ts'
import type { Query } from './dashboard.ts'

/** As long as a step of the chart, and long enough for a rate. */
export const window = '$__rate_interval'
export const job: RegExp = /$job/
export const cache: RegExp = /$cache/
export const instance: RegExp = /$instance/

/** Per second, summed by labels of the metric. */
export function perSecond<Name extends MetricName>(
  metric: Name,
  by: readonly (MetricLabels[Name] | 'job' | 'instance')[],
  matching: Matching<Name>,
): string {
  return sumBy(by, rate(series(metric, matching), window))
}

/** An estimate within a bucket; rules compare with the edges of buckets instead. */
export function quantile<Name extends MetricName>(
  share: number,
  metric: Name,
  {
    by,
    matching,
  }: {
    readonly by: readonly (MetricLabels[Name] | 'job' | 'instance')[]
    readonly matching: Matching<Name>
  },
): string {
  const buckets = sumBy(['le', ...by], rate(bucketsOf(metric, matching), window))
  return `histogram_quantile(${share}, ${buckets})`
}

export function query(expression: string, legend: string): Query {
  return { expression, legend }
}

/** One build of the version more than five minutes before. */
export const newBuilds: string = (() => {
  const builds = series('cache_build_info', { job })
  return `count by (version) (${builds}) unless count by (version) (${builds} offset 5m)`
})()
