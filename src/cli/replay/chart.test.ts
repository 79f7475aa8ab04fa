import { expect, it } from 'vitest'
import { chartLines } from './chart.ts'
import type { Policy } from './policies.ts'
import { summaryLines } from './summary.ts'

const plain = (_colour: string, text: string) => text
const trace = {
  name: 'a-trace-with-a-name-that-is-much-too-long-for-its-column',
  keys: new Uint32Array(2_500_000),
  keyCount: 1_250_000,
  badLines: 0,
  isCut: false,
}
const cellOf = (policy: Policy, fraction: number, hitRatio: number) => {
  return { trace: trace.name, policy, fraction, capacity: 1_250_000 * fraction, hitRatio }
}
const cells = [0.001, 1].flatMap((fraction) => [
  cellOf('lru', fraction, 0),
  cellOf('own', fraction, 0.5),
  cellOf('opt', fraction, 1),
])

it('draws a bar for each policy and size, as long as its hit ratio', () => {
  const lines = chartLines(trace, cells, plain)
  expect(lines[0]).toContain('2,500,000 accesses, 1,250,000 keys')
  const bars = lines.slice(1).map((line) => line.match(/█/g)?.length ?? 0)
  expect(bars).toEqual([0, 24, 48, 0, 24, 48])
})

it('compares sizes in one table, with the gain, the gap and the means', () => {
  const lines = summaryLines(cells, plain)
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/0\.1 % +0\.0 +50\.0 +100\.0 +\+50\.0 +50\.0$/)
  expect(lines[3]).toMatch(/^ +mean +0\.0 +50\.0 +100\.0 +\+50\.0 +50\.0$/)
})

it('fits into 80 columns', () => {
  for (const line of [...chartLines(trace, cells, plain), ...summaryLines(cells, plain)]) {
    expect([...line].length).toBeLessThanOrEqual(80)
  }
})
