/** The alert rules, evaluated by promtool itself. */
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { describeWithPromtool, promtool } from '../servers/promtool.ts'
import { isTest, readCheckout, sourceFiles } from '../tidy/source-files.ts'
import { type AlertCase, alertCases, type Scene } from './alert-cases.ts'
import { exported } from './exported.ts'

const rules = exported('alerts')

const file = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['warning', 'critical']) }).optional(),
        }),
      ),
    }),
  ),
})
const alerts = file
  .parse(parse(rules))
  .groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []))

function sceneTest(scene: Scene, rest: Readonly<Record<string, unknown>>): object {
  const input = Object.entries(scene).map(([series, values]) => ({ series, values }))
  return { interval: '1m', input_series: input, ...rest }
}

/** Whether it is firing for one series, or none. */
function firing(name: string, { atMinute }: AlertCase, scene: Scene, isFiring: boolean): object {
  const expr = `count(ALERTS{alertname="${name}",alertstate="firing"})`
  const samples = isFiring ? [{ labels: '{}', value: 1 }] : []
  return sceneTest(scene, {
    promql_expr_test: [{ expr, eval_time: `${atMinute}m`, exp_samples: samples }],
  })
}

function judge(tests: readonly object[]) {
  const test = stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests })
  return promtool(['test', 'rules', 'test.yaml'], { 'rules.yaml': rules, 'test.yaml': test })
}

it('every alert has a case that fires and one that does not', () => {
  expect(Object.keys(alertCases).sort()).toEqual([...alerts].sort())
  for (const { fires, quiet } of Object.values(alertCases)) {
    expect(fires.length * quiet.length).toBeGreaterThan(0)
  }
})

describeWithPromtool('alert rules', () => {
  it('are rules to Prometheus', () => {
    const judged = promtool(['check', 'rules', 'rules.yaml'], { 'rules.yaml': rules })
    expect(judged.text).toContain(`${alerts.length + 2} rules found`)
    expect(judged.isGood).toBe(true)
  })

  it.each(Object.entries(alertCases))('%s fires beyond its limit alone', (name, alertCase) => {
    const { fires, quiet } = alertCase
    const judged = judge([
      ...fires.map((scene) => firing(name, alertCase, scene, true)),
      ...quiet.map((scene) => firing(name, alertCase, scene, false)),
    ])
    expect(judged.text).toContain('SUCCESS')
    expect(judged.isGood).toBe(true)
  })

  it('say what is the matter, how much, and where to read on', () => {
    const expected = (alert: Readonly<Record<string, string>>) => ({
      exp_labels: { severity: alert.severity ?? '', ...JSON.parse(alert.labels ?? '{}') },
      exp_annotations: {
        summary: alert.summary ?? '',
        description: alert.description ?? '',
        runbook_url: `docs/alerts.md#${alert.name?.toLowerCase()}`,
        dashboard: `/d/${alert.dashboard}`,
      },
    })
    const scenes = {
      CacheHitRateLow: expected({
        name: 'CacheHitRateLow',
        severity: 'warning',
        labels: '{"job":"api","cache":"market"}',
        summary: 'Family market of api hits less than 70 %',
        description: '69% of its reads hit; the goal is 80 %.',
        dashboard: 'staleproof-family',
      }),
      CacheWarmStale: expected({
        name: 'CacheWarmStale',
        severity: 'warning',
        labels: '{"job":"api","task":"markets"}',
        summary: 'Warming task markets of api has not succeeded lately',
        description: 'Its last success was 29m 0s ago, which is more than three of its periods.',
        dashboard: 'staleproof-overview',
      }),
      RedisEvictions: expected({
        name: 'RedisEvictions',
        severity: 'warning',
        labels: '{"job":"redis","instance":"redis:6379"}',
        summary: 'Redis evicts more than 1,000 keys an hour (redis:6379)',
        description: '1.08k keys went in the last hour because room was short.',
        dashboard: 'staleproof-redis',
      }),
    }
    const tests = Object.entries(scenes).map(([alertname, alert]) => {
      const { atMinute, fires } = alertCases[alertname] ?? { atMinute: 0, fires: [] }
      const eval_time = `${atMinute}m`
      return sceneTest(fires[0] ?? {}, {
        alert_rule_test: [{ eval_time, alertname, exp_alerts: [alert] }],
      })
    })
    const judged = judge(tests)
    expect(judged.text).toContain('SUCCESS')
    expect(judged.isGood).toBe(true)
  })
})

it('every alert has a section of its own to read, where its link leads', () => {
  const page = readCheckout('docs/alerts.md')
  const sections = [...page.matchAll(/^### (\w+)\n\n([\s\S]*?)(?=^##|\s*$(?![\s\S]))/gm)]
  expect(sections.map(([, name]) => name)).toEqual(alerts)
  for (const [, name, text] of sections) {
    expect(text, name).toMatch(/^- \*\*Causes/m)
    expect(text, name).toMatch(/\*\*Do\.\*\*|what to do\.\*\*/)
  }
  const links = [...rules.matchAll(/runbook_url: "docs\/alerts\.md#(\w+)"/g)].map(([, at]) => at)
  expect(links).toEqual(alerts.map((name) => name.toLowerCase()))
  expect(page).toContain(`prints ${alerts.length} rules`)
})

it('goals of endpoints are those of routes that the API has', () => {
  const folder = /^services\/api\/routes\/\w+\.ts$/
  const code = sourceFiles().filter((file) => folder.test(file.path) && !isTest(file))
  const routes = code.flatMap(({ text }) => {
    return [...text.matchAll(/\.(get|post)\('([^']+)'/g)].map(([, verb = '', path = '']) => {
      return `${verb.toUpperCase()} /api/v1${path}`
    })
  })
  const named = [...rules.matchAll(/route=~\\"(.+?)\\",method=\\"(\w+)\\"/g)]
  const goals = new Set(named.map(([, route, method]) => `${method} ${route}`))
  expect(goals.size).toBe(3)
  for (const goal of goals) {
    expect(
      routes.filter((route) => new RegExp(`^${goal}$`).test(route)).length,
      goal,
    ).toBeGreaterThan(0)
  }
})
