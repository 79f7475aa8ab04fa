/** Dashboards, and the queries of the Prometheus adapter, as Prometheus and Grafana read them. */
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { describeWithPromtool, promtool } from '../servers/promtool.ts'
import { readCheckout } from '../tidy/source-files.ts'
import { exported } from './exported.ts'

const place = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })
const panel = z.object({
  id: z.number(),
  title: z.string(),
  type: z.enum(['row', 'timeseries', 'stat', 'table', 'heatmap']),
  gridPos: place,
  description: z.string().optional(),
  targets: z.array(z.object({ refId: z.string(), expr: z.string() })).default([]),
})
const dashboards = z
  .array(
    z.object({
      file: z.string(),
      content: z.object({
        uid: z.string(),
        __inputs: z.array(z.object({ name: z.literal('DS_PROMETHEUS') })).length(1),
        templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
        panels: z.array(panel),
      }),
    }),
  )
  .parse(JSON.parse(exported('grafana')))

const adapter = z.object({
  rules: z.object({ external: z.array(z.object({ metricsQuery: z.string() })) }),
})

function queries(): readonly string[] {
  const panels = dashboards.flatMap(({ content }) => content.panels)
  const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const { rules } = adapter.parse(parse(readCheckout('deploy/kubernetes/adapter-rules.yaml')))
  const handed = rules.external.map(({ metricsQuery }) => {
    return metricsQuery.replace('<<.Series>>', 'a_metric').replace('<<.LabelMatchers>>', 'a="b"')
  })
  return [...shown, ...handed]
}

it('there are three, each a file of its own', () => {
  expect(dashboards.map(({ file, content }) => [file, content.uid])).toEqual([
    ['staleproof-overview.json', 'staleproof-overview'],
    ['staleproof-family.json', 'staleproof-family'],
    ['staleproof-redis.json', 'staleproof-redis'],
  ])
})

it('panels fill the width without lying on each other', () => {
  for (const { file, content } of dashboards) {
    const taken = new Set<string>()
    for (const { title, gridPos } of content.panels) {
      const { x, y, w, h } = gridPos
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(taken.has(`${column} ${row}`), `${file}: ${title}`).toBe(false)
          taken.add(`${column} ${row}`)
        }
      }
    }
    const ids = content.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  }
})

it('each panel says what it shows, with variables that its dashboard has', () => {
  for (const { content } of dashboards) {
    const offered = content.templating.list.map(({ name }) => `$${name}`)
    for (const { title, type, description, targets } of content.panels) {
      if (type === 'row') continue
      expect(description, title).toMatch(/\w.*\.$/)
      const used = targets.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? [])
      const unknown = used.filter((name) => !['$__rate_interval', ...offered].includes(name))
      expect(unknown, title).toEqual([])
    }
  }
})

describeWithPromtool('queries', () => {
  it('are expressions to Prometheus', () => {
    const rules = queries().map((query, at) => {
      const expr = query.replaceAll('$__rate_interval', '5m').replaceAll('$', '')
      return { record: `checked:${at}`, expr }
    })
    const file = stringify({ groups: [{ name: 'checked', rules }] })
    const judged = promtool(['check', 'rules', 'rules.yaml'], { 'rules.yaml': file })
    expect(rules.length).toBeGreaterThan(80)
    expect(judged.text).toContain(`${rules.length} rules found`)
    expect(judged.isGood).toBe(true)
  })
})
