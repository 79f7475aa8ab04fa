/** What lies in `deploy` for Kubernetes and Alertmanager is well-formed and names what there is. */
import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { definitions } from '../observe/index.ts'
import { namesIn } from './expression.test-support.ts'
import { alertGroups } from './index.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

const adapter = z
  .object({
    rules: z.object({
      external: z.array(
        z.object({
          seriesQuery: z.string(),
          resources: z.object({ namespaced: z.boolean() }),
          name: z.object({ as: z.string() }),
          metricsQuery: z.string(),
        }),
      ),
    }),
  })
  .parse(parse(read('deploy/kubernetes/adapter-rules.yaml')))

const autoscaler = z
  .object({
    apiVersion: z.literal('autoscaling/v2'),
    kind: z.literal('HorizontalPodAutoscaler'),
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      scaleTargetRef: z.object({ kind: z.literal('Deployment'), name: z.string() }),
      minReplicas: z.number().int().min(1),
      maxReplicas: z.number().int(),
      metrics: z.array(
        z.object({
          type: z.literal('External'),
          external: z.object({
            metric: z.object({
              name: z.string(),
              selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
            }),
            target: z.object({ type: z.literal('AverageValue'), averageValue: z.string() }),
          }),
        }),
      ),
      behavior: z.looseObject({}),
    }),
  })
  .parse(parse(read('deploy/kubernetes/api-autoscaler.yaml')))

const inhibitions = z
  .object({
    inhibit_rules: z.array(
      z.object({
        source_matchers: z.array(z.string()),
        target_matchers: z.array(z.string()),
        equal: z.array(z.string()).optional(),
      }),
    ),
  })
  .parse(parse(read('deploy/prometheus/inhibition.yaml')))

const alertNames = alertGroups.flatMap(({ alerts }) => alerts.map(({ name }) => name))

describe('the rules of the adapter', () => {
  it('offer gauges that there are, by their own names', () => {
    for (const { seriesQuery, name } of adapter.rules.external) {
      const [selector] = namesIn(seriesQuery).selectors
      expect(selector?.metric).toBe(name.as)
      expect(definitions.get(name.as)?.kind).toBe('gauge')
      const labels = Object.keys(definitions.get(name.as)?.labels ?? {})
      for (const { label } of selector?.matchers ?? []) expect(labels).toContain(label)
    }
  })
})

describe('the autoscaler', () => {
  const [{ external } = autoscaler.spec.metrics[0] ?? {}] = autoscaler.spec.metrics

  it('asks for a metric that the adapter offers, by labels that it has', () => {
    const offered = adapter.rules.external.map(({ name }) => name.as)
    expect(offered).toContain(external?.metric.name)
    const labels = definitions.get(external?.metric.name ?? '')?.labels ?? {}
    const asked = Object.keys(external?.metric.selector.matchLabels ?? {})
    expect(asked.filter((label) => !(label in labels))).toEqual([])
  })

  it('comes to the number of pods that is advised', () => {
    // desired = ceil(metric / averageValue), as Kubernetes computes an AverageValue.
    const advised = 7
    expect(Math.ceil(advised / Number(external?.target.averageValue))).toBe(advised)
    expect(autoscaler.spec.maxReplicas).toBeGreaterThan(autoscaler.spec.minReplicas)
  })

  it('scales a service of that name', () => {
    expect(external?.metric.selector.matchLabels.service).toBe(autoscaler.spec.scaleTargetRef.name)
    expect(read('compose.yaml')).toContain(`\n  ${autoscaler.spec.scaleTargetRef.name}:\n`)
  })
})

test('inhibitions name alerts that there are', () => {
  for (const { source_matchers, target_matchers } of inhibitions.inhibit_rules) {
    for (const matcher of [...source_matchers, ...target_matchers]) {
      const [, names = ''] = /^alertname=~?"(.+)"$/.exec(matcher) ?? []
      for (const name of names.split('|')) expect(alertNames).toContain(name)
    }
  }
})
