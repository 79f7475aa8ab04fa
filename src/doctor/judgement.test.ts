import { expect, test } from 'vitest'
import {
  fails,
  parseBaseline,
  parseSuppression,
  withoutKnown,
  withoutSuppressed,
} from './judgement.ts'
import { findingOf, reportOf } from './report.test-support.ts'

const day = Date.parse('2027-06-30')

test('a suppression has an id, a reason and an end', () => {
  expect(parseSuppression('MEM01:sized by the host: see 12:2027-06-30')).toEqual({
    id: 'MEM01',
    reason: 'sized by the host: see 12',
    untilMs: day,
  })
  for (const text of [
    'MEM01',
    'MEM99:why:2027-06-30',
    'CMD03/flush:why:2027-06-30',
    'MEM01:why',
    'MEM01::2027-06-30',
    'MEM01:why:soon',
    ':why:2027-06-30',
  ]) {
    expect(() => parseSuppression(text), text).toThrow(/SP_OPTION_INVALID/)
  }
})

test('what is suppressed does not count until the day', () => {
  const report = reportOf(findingOf({ id: 'MEM01', status: 'crit' }), findingOf({ id: 'KEY01' }))
  const suppression = parseSuppression('MEM01:known:2027-06-30')
  const before = withoutSuppressed(report, [suppression], day - 1)
  expect(before.findings.map(({ id }) => id)).toEqual(['KEY01'])
  expect(before).toMatchObject({ suppressed: 1, counts: { crit: 0, warn: 1 } })
  expect(withoutSuppressed(report, [suppression], day).findings).toHaveLength(2)
})

test('one finding is suppressed by its fingerprint', () => {
  const [a, b] = [findingOf({ subject: 'a' }), findingOf({ subject: 'b' })]
  const suppression = { id: 'KEY04-a', reason: 'known', untilMs: day }
  expect(withoutSuppressed(reportOf(a, b), [suppression], 0).findings).toEqual([b])
})

test('a check that could not be run is not suppressed', () => {
  const report = reportOf(findingOf({ id: 'MEM01', status: 'skipped' }))
  const suppression = parseSuppression('MEM01:known:2027-06-30')
  expect(withoutSuppressed(report, [suppression], 0).findings).toHaveLength(1)
})

test('what a baseline has does not count, unless it has become worse', () => {
  const known = findingOf({ subject: 'a' })
  const baseline = parseBaseline(JSON.stringify(reportOf(known)))
  const added = findingOf({ subject: 'b' })
  expect(withoutKnown(reportOf(known, added), baseline).findings).toEqual([added])
  const worse = { ...known, status: 'crit' } as const
  expect(withoutKnown(reportOf(worse), baseline).findings).toEqual([worse])
})

test('of two findings with one fingerprint a baseline has the worst', () => {
  const [crit, warn] = (['crit', 'warn'] as const).map((status) => findingOf({ status }))
  if (crit === undefined || warn === undefined) throw new Error('expected two')
  expect(withoutKnown(reportOf(crit), [crit, warn]).findings).toEqual([])
})

test.each(['', 'no JSON', '{}', '{"findings":[1]}'])('%j is no baseline', (text) => {
  expect(() => parseBaseline(text)).toThrow(/SP_OPTION_INVALID/)
})

test('a report fails by its worst finding', () => {
  const report = reportOf(findingOf({ status: 'warn' }), findingOf({ status: 'skipped' }))
  expect(fails(report, 'crit')).toBe(false)
  expect(fails(report, 'warn')).toBe(true)
  expect(fails(report, 'info')).toBe(true)
  expect(fails(report, 'none')).toBe(false)
})
