import { describe, expect, test } from 'vitest'
import { type Measured, mergedReport, type Report } from '../../bench/report.ts'

const machine = { cpu: 'a', cores: 2, memoryBytes: 1, system: 'linux x64' }

function measured(name: string, measuredAt: string): Measured {
  return { name, measuredAt, mode: 'full', contests: [], failures: [] }
}

function report(all: readonly Measured[], more: Partial<Report> = {}): Report {
  return { schemaVersion: 2, machine, versions: { node: 'v20' }, measured: all, ...more }
}

describe('a report', () => {
  const names = ['load', 'peek', 'get']

  test('replaces what was measured again and keeps the rest, in the order of the scenarios', () => {
    const before = report([measured('get', '2026-01-01'), measured('load', '2026-01-01')])
    const now = report([measured('get', '2026-02-02')])

    const merged = mergedReport(before, now, names)

    expect(merged.measured).toEqual([measured('load', '2026-01-01'), measured('get', '2026-02-02')])
  })

  test.each([
    ['machine', { machine: { ...machine, cores: 4 } }],
    ['version of a library', { versions: { node: 'v22' } }],
    ['version of the report', { schemaVersion: 1 }],
  ])('begins anew with another %s', (_what, other) => {
    const now = report([measured('get', '2026-02-02')])

    const merged = mergedReport(report([measured('load', '2026-01-01')], other), now, names)

    expect(merged).toEqual(now)
  })

  test('forgets scenarios that are no more', () => {
    const merged = mergedReport(report([measured('gone', '2026-01-01')]), report([]), names)

    expect(merged.measured).toEqual([])
  })
})
