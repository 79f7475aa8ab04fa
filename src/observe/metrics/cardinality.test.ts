import { expect, test } from 'vitest'
import { labelsIn, type MetricDefinition, type MetricProfile, seriesMax } from './definition.ts'
import { definitions, type MetricName, metrics } from './definitions.ts'
import { NameBounds } from './name-bounds.ts'
import { SeriesTable } from './series-table.ts'

const profiles: readonly MetricProfile[] = ['full', 'vitals']
/** More than any label keeps apart. */
const hostileNames = 90

/** What a label can be told: all that it knows, or more names than it takes. */
function valuesFor({ labels }: MetricDefinition, label: string): readonly string[] {
  const values = labels[label] ?? []
  return 'max' in values ? Array.from({ length: hostileNames }, (_, at) => `${label}${at}`) : values
}

function combinations(definition: MetricDefinition): readonly Readonly<Record<string, string>>[] {
  return Object.keys(definition.labels).reduce<readonly Record<string, string>[]>(
    (sets, label) => {
      const values = valuesFor(definition, label)
      const isTold = 'isTold' in (definition.labels[label] ?? {})
      if (isTold) return sets.map((set) => ({ ...set, [label]: Object.values(set)[0] ?? 'one' }))
      return sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })))
    },
    [{}],
  )
}

function seriesIn(table: SeriesTable, name: MetricName): number {
  const sets = table.series(name)
  return sets.reduce((sum, { cumulative }) => sum + (cumulative ? cumulative.length + 2 : 1), 0)
}

test.each(profiles)('no metric has more series than its contract says, in %s', (profile) => {
  const table = new SeriesTable(profile, new NameBounds())
  for (const [name, definition] of definitions) {
    for (const labels of combinations(definition)) {
      if (definition.kind === 'histogram')
        table.observe(name as 'cache_size', labels as never, { value: 1 })
      else table.add(name as 'cache_size', labels as never, 1)
    }
    const most = seriesMax(definition, profile)
    expect([name, seriesIn(table, name as MetricName)]).toEqual([name, most])
  }
})

test('vitals tells histograms of all families together, and counters of each', () => {
  expect(labelsIn(metrics.cache_get_duration_seconds, 'vitals')).toEqual(['served_by'])
  expect(labelsIn(metrics.cache_gets_total, 'vitals')).toEqual(['cache', 'result', 'served_by'])
})

test('the first names keep their series, and all later ones share one', () => {
  const table = new SeriesTable('full', new NameBounds())
  for (let at = 0; at < 60; at++) table.add('cache_size', { cache: `family${at}` }, 1)
  table.add('cache_size', { cache: 'family3' }, 1)
  const series = table.series('cache_size')
  const countOf = (cache: string) => series.find(({ labels }) => labels.cache === cache)?.value
  expect(series).toHaveLength(51)
  expect([countOf('family3'), countOf('family50'), countOf('other')]).toEqual([2, undefined, 10])
})

test('of lengths of time counted together the longest is told', () => {
  const table = new SeriesTable('full', new NameBounds())
  for (let at = 0; at < 100; at++) {
    table.add('cache_breaker_latency_seconds', { breaker: `b${at}`, figure: 'max' }, at)
  }
  const series = table.series('cache_breaker_latency_seconds')
  expect(series.find(({ labels }) => labels.breaker === 'other')?.value).toBe(99)
})
