/**
 * From the forgery to the alarm: a value that was invalidated is put back into its slot with a
 * valid header, a shadow read finds it, the metric counts it, and Prometheus raises the alert.
 */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { openMetrics } from 'staleproof/prometheus'
import { expect, it } from 'vitest'
import { describeRedis } from '../contract/caches.ts'
import { exported } from '../export/exported.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithPromtool, promtool } from '../servers/promtool.ts'

const catalog = defineCatalog('alarmed', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1h' }),
})
const minuteMs = 60_000
const metric = 'cache_stale_reads_total'
const bornField = 8

describeWithPromtool('the alert of stale reads', () => {
  describeRedis('on a server', (bench) => {
    it('fires when an older value was forged into a slot, and not before', async () => {
      const sources = { item: async () => 'old' }
      const cache: Cache<(typeof catalog)['families']> = await bench.open(catalog, {
        ...{ service: 'api', sources, shadowReads: 1, trust: 300 },
      })
      const metrics = openMetrics(cache)
      await cache.item.get('a')
      await cache.settled()
      const slot = `{${bench.namespace}:0}:k:item:a`
      const old = ((await bench.client.get(slot)) ?? '').split('|')
      await cache.item.invalidate('a', { reason: 'written' })
      const before = countIn(await metrics.metrics())
      old[bornField] = String(Number(old[bornField]) - minuteMs)
      await bench.client.set(slot, old.join('|'), 'PX', minuteMs)
      await eventually('it is found', async () => {
        await cache.item.get('a')
        return (cache.stats().coherence.staleReads.item ?? 0) > 0
      })
      const after = countIn(await metrics.metrics())
      await metrics.close()
      expect(before).toBe(0)
      expect(isAlarmed([before, before])).toBe(false)
      expect(isAlarmed([before, after])).toBe(true)
    })
  })
})

/** Of the family, as Prometheus reads it. */
function countIn(text: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${metric}{cache="item"}`))
  if (line === undefined) throw new Error(`expected a series of ${metric} in ${text}`)
  return Number(line.split(' ')[1])
}

/** What promtool says of two scrapes, a minute apart. */
function isAlarmed([before, after]: readonly [number, number]): boolean {
  const file = [
    'rule_files: [rules.yaml]',
    'evaluation_interval: 1m',
    'tests:',
    '  - interval: 1m',
    '    input_series:',
    `      - series: '${metric}{cache="item",job="api"}'`,
    `        values: '${before} ${after} ${after}'`,
    '    promql_expr_test:',
    `      - expr: 'count(ALERTS{alertname="CacheStaleReads",alertstate="firing"})'`,
    '        eval_time: 2m',
    `        exp_samples: [{ labels: '{}', value: 1 }]`,
  ].join('\n')
  const files = { 'rules.yaml': exported('alerts'), 'test.yaml': file }
  return promtool(['test', 'rules', 'test.yaml'], files).isGood
}
