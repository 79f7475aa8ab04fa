/** `deploy/prometheus/prometheus.yaml` scrapes what there is, and Prometheus takes it. */
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { startOrder } from '../../services/launcher/service-plan.ts'
import { describeWithPromtool, promtool } from '../servers/promtool.ts'
import { readCheckout } from '../tidy/source-files.ts'
import { containers } from './compose-file.ts'

const text = readCheckout('deploy/prometheus/prometheus.yaml')

const configuration = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      authorization: z.object({ credentials_file: z.string() }),
      static_configs: z.array(z.object({ targets: z.array(z.string()) })),
    }),
  ),
})

const secrets = { ADMIN_TOKEN: 'a', POSTGRES_PASSWORD: 'p', REDIS_PASSWORD: 'r' }

test('every service is scraped as a job of its name, at the port of its container', () => {
  const { scrape_configs: jobs } = configuration.parse(parse(text))
  const targets = jobs.map(({ job_name: job, static_configs: [first] }) => [job, first?.targets])
  const given = containers({ ...secrets, METRICS_TOKEN: 'scraper' })
  const expected = startOrder.flat().map((name) => {
    expect(given[name]?.environment.METRICS_TOKEN, name).toBe('scraper')
    return [name, [`${name}:${given[name]?.environment.PORT}`]]
  })
  expect(targets.sort()).toEqual(expected.sort())
})

describeWithPromtool('the configuration (needs promtool)', () => {
  test('is one that Prometheus takes', () => {
    const files = { 'prometheus.yaml': text, 'metrics-token': 'scraper' }
    const rules = { 'staleproof-rules.yaml': 'groups: []\n' }
    const judged = promtool(['check', 'config', 'prometheus.yaml'], { ...files, ...rules })
    expect(judged.text).toContain('SUCCESS')
    expect(judged.isGood).toBe(true)
  })
})
