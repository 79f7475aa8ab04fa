/** What the page shows is what the API says: the numbers are compared, not the looks. */

import type { OverviewAnswer } from 'staleproof/ops'
import { expect, test } from 'vitest'
import { overviewAt } from './fake-answers.ts'
import { families } from './fake-families.ts'
import { redis } from './fake-operations.ts'
import { reportAt } from './fake-report.ts'
import { describeDashboard } from './viewer.ts'

describeDashboard('numbers', (stage) => {
  test('of the overview are those of the API', async () => {
    const viewer = await stage().view()
    const now = overviewAt(stage().server.nowMs, 30)
    for (const [name, expected] of shownBy(now)) {
      expect(await viewer.number(name), name).toBe(expected)
    }
  })

  test('of the overview follow the stream', async () => {
    const viewer = await stage().view()
    const next = overviewAt(stage().server.nowMs, 41)
    stage().server.emit({ type: 'overview', overview: next })
    const reads = `data[data-name="reads"][value="${next.rates.reads}"]`
    await viewer.page.waitForSelector(reads)
    for (const [name, expected] of shownBy(next)) {
      expect(await viewer.number(name), name).toBe(expected)
    }
  })

  test('of all families are those of the API', async () => {
    const viewer = await stage().view()
    await viewer.go('families')
    for (const { name, hitRatio, totals } of families) {
      const { memory, redis: second, joined, stale, source, none } = totals
      expect(await viewer.number(`hit-${name}`)).toBe(hitRatio)
      const reads = memory + second + joined + stale + source + none
      expect(await viewer.number(`reads-${name}`)).toBe(reads)
    }
  })

  test('of one family, of Redis and of the doctor are those of the API', async () => {
    const viewer = await stage().view()
    await viewer.go('families/price')
    const price = families.find(({ name }) => name === 'price')
    expect(await viewer.number('loads')).toBe(price?.totals.loads)
    expect(await viewer.number('invalidations')).toBe(price?.totals.invalidations)
    await viewer.go('redis')
    expect(await viewer.number('keys')).toBe(redis.server?.keys)
    expect(await viewer.number('evicted')).toBe(redis.server?.evictedKeys)
    for (const { address, keys } of redis.nodes) {
      const row = viewer.page.locator(`[aria-label="Nodes"] tr:has-text("${address}")`)
      expect(await row.locator(`data[value="${keys}"]`).count(), address).toBe(1)
    }
    await viewer.go('doctor')
    for (const [status, count] of Object.entries(reportAt(0).counts)) {
      const shown = await viewer.page.textContent(`[data-name="count-${status}"]`)
      expect(Number(shown), status).toBe(count)
    }
  })

  test('that nobody knows are shown as unknown, and samples as samples', async () => {
    const { server } = stage()
    const now = overviewAt(server.nowMs)
    const early = { ...now, rates: { ...now.rates, reads: undefined }, shadowReads: 0 }
    server.overrides.set('overview', () => early)
    const viewer = await stage().view()
    server.emit({ type: 'overview', overview: early })
    await viewer.page.waitForSelector('.unknown[data-name="reads"]')
    expect(await viewer.page.textContent('.unknown[data-name="stale-reads"]')).toBe('–')
    await viewer.go('redis')
    const keys = viewer.page.locator('.panel:has-text("Keys by family") .bar-value').first()
    expect(await keys.textContent()).toMatch(/^~/)
  })
})

function shownBy(now: OverviewAnswer): readonly (readonly [name: string, value: unknown])[] {
  return [
    ['hit-ratio', now.rates.hitRatio],
    ['reads', now.rates.reads],
    ['loads-avoided', now.rates.loadsAvoided],
    ['loads', now.rates.loads],
    ['redis-p95', now.redisLatency.p95Ms],
    ['lag-p99', now.lag.p99Ms],
    ['stale-reads', now.staleReads],
    ['memory', (now.server?.usedPercent ?? 0) / 100],
    ['evictions', now.server?.evictionsPerHour],
    ['clients', now.server?.clients],
    ['ops', now.server?.opsPerSecond],
  ]
}
