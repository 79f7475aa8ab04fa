import { describe, expect, test } from 'vitest'
import { pageOf } from '../../bench/page/page.ts'
import { scaleOf } from '../../bench/page/scale.ts'
import type { Measured, Report } from '../../bench/report.ts'

const spread = (median: number) => ({ median, min: median / 2, max: median * 2 })

function row(name: string, micros: number) {
  return {
    name,
    operationsPerRound: 10,
    cpuMicros: spread(micros),
    operationsPerSecond: spread(1e6 / micros),
    ratio: spread(micros),
  }
}

const contests: Measured = {
  name: 'redis-hit',
  measuredAt: '2026-01-02T03:04:05Z',
  mode: 'full',
  contests: [
    {
      title: 'a hit',
      unit: 'get',
      base: 'ioredis GET',
      rounds: 15,
      repeatedRounds: 0,
      contestants: [row('ioredis GET', 1), row('staleproof get', 2), row('bentocache', 8)],
      bars: [
        {
          contestant: 'bentocache',
          against: 'ioredis GET',
          ratioMax: 9,
          ratio: 8,
          isReached: true,
        },
        {
          contestant: 'staleproof get',
          against: 'ioredis GET',
          ratioMax: 1.5,
          ratio: 2,
          isReached: false,
        },
      ],
      failures: [{ name: 'cacheable', reason: 'a <bad> answer' }],
    },
  ],
  failures: [],
}

const study: Measured = {
  name: 'entry-heap',
  measuredAt: '2026-01-02T03:04:05Z',
  mode: 'quick',
  contests: [],
  study: {
    title: 'Heap of an entry',
    method: 'by measuring',
    columns: ['loads', 'bytes'],
    plotted: 'bytes',
    rows: [
      { name: 'staleproof', figures: ['one', 100] },
      { name: 'bentocache', figures: ['two', 400] },
    ],
    bars: [],
  },
  failures: [],
}

function page(...measured: readonly Measured[]): string {
  const machine = { cpu: 'a', cores: 2, memoryBytes: 2 ** 32, system: 'linux x64' }
  const report: Report = { schemaVersion: 2, machine, versions: { node: 'v20' }, measured }
  return pageOf(report)
}

describe('the page', () => {
  test('asks nothing of anybody: no script, no address, nothing to import', () => {
    expect(page(contests, study)).not.toMatch(/<script|https?:|@import|url\(|<link|<img/)
  })

  test('has a table for every plot', () => {
    const html = page(contests, study)

    const plots = html.match(/<svg /g) ?? []
    const tables = html.match(/Figures as a table/g) ?? []
    expect(plots.length).toBeGreaterThan(2)
    expect(tables).toHaveLength(plots.length)
  })

  test('lists the bars with their figures, what is missed before what is reached', () => {
    const html = page(contests)

    expect(html).toContain('1 of 2 reached')
    expect(html.indexOf('>missed<')).toBeGreaterThan(0)
    expect(html.indexOf('>missed<')).toBeLessThan(html.indexOf('>reached<'))
  })

  test('names who failed, and lets no text become markup', () => {
    const html = page(contests)

    expect(html).toContain('<strong>cacheable</strong> failed: a &lt;bad&gt; answer')
  })

  test('tells wins and losses against each peer alike', () => {
    const html = page(contests, study)

    expect(html).toContain('bentocache <small>2 won, 0 lost</small>')
    expect(html).toContain('ioredis <small>0 won, 1 lost</small>')
    expect(html).toContain('0.250 ×')
    expect(html).toContain('2.00 ×')
  })
})

describe('the scale of a plot', () => {
  test('begins at zero where figures are near each other', () => {
    const scale = scaleOf([2, 8])

    expect(scale.isLogarithmic).toBe(false)
    expect(scale.percentOf(0)).toBe(0)
    expect(scale.ticks.map(({ value }) => value)).toEqual([0, 5, 10])
  })

  test('is logarithmic where they are far apart, and leaves the least a bar', () => {
    const scale = scaleOf([0.1, 90])

    expect(scale.isLogarithmic).toBe(true)
    expect(scale.percentOf(0.1)).toBeGreaterThan(5)
    expect(scale.percentOf(90)).toBeCloseTo(100)
  })

  test('does not lose a zero', () => {
    const scale = scaleOf([0, 1_000])

    expect(scale.isLogarithmic).toBe(false)
    expect(scale.percentOf(0)).toBe(0)
  })
})
