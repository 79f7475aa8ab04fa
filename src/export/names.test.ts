/** Whatever rules and dashboards name is declared, with its labels and their values. */
import { describe, expect, it } from 'vitest'
import { definitions } from '../observe/index.ts'
import { recordings } from './cache-alerts.ts'
import { namesIn, type Selector } from './expression.test-support.ts'
import { alertGroups, grafanaDashboards } from './index.ts'

const targetLabels = ['job', 'instance']

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

/** By where it stands: the expression. */
function expressions(): readonly (readonly [string, string])[] {
  const rules = alertGroups.flatMap(({ alerts }) => alerts)
  const panels = grafanaDashboards().flatMap(({ file, json }) => {
    const { panels, annotations } = JSON.parse(json)
    const told = (panels as readonly Panel[]).flatMap(({ title, targets = [] }) => {
      return targets.map(({ expr }) => [`${file}: ${title}`, expr] as const)
    })
    return [...told, [`${file}: deployments`, String(annotations.list[0].expr)] as const]
  })
  return [
    ...Object.entries(recordings),
    ...rules.map(({ name, expression }) => [name, expression] as const),
    ...panels,
  ]
}

/** What is wrong with a selector, if anything. */
function faultOf({ metric, part, matchers }: Selector): string | undefined {
  if (metric in recordings) return undefined
  const definition = definitions.get(metric)
  if (definition === undefined) return `${metric} is no metric`
  if ((part !== '') !== (definition.kind === 'histogram')) return `${metric}${part}: wrong part`
  if (definition.kind === 'counter' && !metric.endsWith('_total')) return `${metric}: no counter`
  for (const { label, operator, value } of matchers) {
    if (targetLabels.includes(label)) continue
    if (label === 'le') {
      const edges = definition.buckets ?? []
      const edge = Number(value.replace('([.]0)?', ''))
      if (!edges.includes(edge)) return `${metric}: ${value} is no edge`
      continue
    }
    const values = definition.labels[label]
    if (values === undefined) return `${metric} has no label ${label}`
    const isClosed = !('max' in values)
    const meant = operator.endsWith('~') ? value.split('|') : [value]
    const unknown = meant.find(
      (each) => isClosed && !each.startsWith('$') && !isValueOf(values, each),
    )
    if (unknown !== undefined) return `${metric}: ${label} is never ${unknown}`
  }
  return undefined
}

function isValueOf(values: unknown, value: string): boolean {
  return Array.isArray(values) && values.includes(value)
}

/** Labels that nothing in the expression has. */
function strangeLabels(expression: string): readonly string[] {
  const { selectors, groupedBy } = namesIn(expression)
  const known = selectors.flatMap(({ metric }) =>
    Object.keys(definitions.get(metric)?.labels ?? {}),
  )
  const all = [...targetLabels, ...known, 'le', 'cache']
  return groupedBy.filter((label) => !all.includes(label))
}

describe('expressions', () => {
  const all = expressions()

  it('name metrics, labels and values that there are', () => {
    expect(all.length).toBeGreaterThan(100)
    for (const [place, expression] of all) {
      const { selectors } = namesIn(expression)
      expect(selectors.length, `${place}: ${expression}`).toBeGreaterThan(0)
      expect(selectors.map(faultOf).filter(Boolean), `${place}: ${expression}`).toEqual([])
    }
  })

  it('group by labels that what they sum up has', () => {
    for (const [place, expression] of all) expect(strangeLabels(expression), place).toEqual([])
  })

  it('would be found out if they named anything else', () => {
    const faults = (expression: string) => namesIn(expression).selectors.map(faultOf)
    expect(faults('rate(cache_gest_total[5m])')).toEqual(['cache_gest_total is no metric'])
    expect(faults('cache_gets_total{resutl="hit"}')).toEqual([
      'cache_gets_total has no label resutl',
    ])
    expect(faults('cache_gets_total{result="hti"}')).toEqual([
      'cache_gets_total: result is never hti',
    ])
    expect(faults('cache_load_duration_seconds_bucket{le="0.3"}')).toEqual([
      'cache_load_duration_seconds: 0.3 is no edge',
    ])
    expect(faults('cache_load_duration_seconds')).toEqual([
      'cache_load_duration_seconds: wrong part',
    ])
    expect(strangeLabels('sum by (job, task) (cache_gets_total)')).toEqual(['task'])
  })
})
