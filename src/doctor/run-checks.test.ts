import { expect, test } from 'vitest'
import { type Check, crit, ok, type Verdict, warn } from './check.ts'
import { factsOf } from './facts.test-support.ts'
import { Missing } from './missing.ts'
import { findingsPerCheckMax, fingerprintOf, runChecks } from './run-checks.ts'

const checkOf = (judge: Check['judge'], given: Partial<Check> = {}): Check => ({
  id: 'AAA01',
  title: 'Something is wrong',
  group: 'memory',
  rule: 'A rule.',
  thresholds: {},
  source: 'Our own',
  needs: [],
  commands: ['INFO'],
  remedy: { text: 'Mend it.', commands: [] },
  judge,
  ...given,
})

const judged = (...verdicts: readonly Verdict[]) =>
  runChecks([checkOf(() => verdicts)], factsOf({}))

test('a check is skipped, and never fine, where a fact is missing that it needs', () => {
  const check = checkOf(() => ok(), { needs: ['config'] })
  expect(runChecks([check], factsOf({}))).toMatchObject([
    { id: 'AAA01', status: 'skipped', reason: 'config was not asked for' },
  ])
})

test('a check that misses something on its way says so', () => {
  const check = checkOf(() => {
    throw new Missing('unknown', 'INFO does not give it')
  })
  expect(runChecks([check], factsOf({}))).toMatchObject([
    { status: 'unknown', reason: 'INFO does not give it', remedy: undefined },
  ])
})

test('a field that INFO does not give is unknown, and one that fell was reset', () => {
  const used = checkOf((facts) => ok({ used: facts.need('info').number('used_memory') }))
  const evicted = checkOf((facts) => ok({ count: facts.need('info').delta('evicted_keys') }))
  const facts = factsOf({ info: { evicted_keys: 1 }, before: { evicted_keys: 2 } })
  expect(runChecks([used, evicted], facts)).toMatchObject([
    { status: 'unknown' },
    { status: 'unknown' },
  ])
})

test('a mistake in a check is not hidden', () => {
  const check = checkOf(() => {
    throw new TypeError('a mistake')
  })
  expect(() => runChecks([check], factsOf({}))).toThrow('a mistake')
})

test('what is wrong hides what is fine, and the worst comes first', () => {
  const findings = judged(ok({ a: 1 }), warn({ b: 2 }), crit({ c: 3 }, { subject: 'x' }))
  expect(findings.map(({ status }) => status)).toEqual(['crit', 'warn'])
  expect(findings[0]).toMatchObject({
    subject: 'x',
    evidence: { values: { c: 3 }, commands: ['INFO'] },
    remedy: { text: 'Mend it.' },
  })
})

test('nothing found is one finding that says fine', () => {
  expect(judged()).toMatchObject([{ status: 'ok', remedy: undefined }])
  expect(judged(ok({ a: 1 }))).toMatchObject([{ status: 'ok', evidence: { values: { a: 1 } } }])
})

test('a check tells so much and no more, and how much it left out', () => {
  const many = Array.from({ length: findingsPerCheckMax + 7 }, (_, at) =>
    warn({}, { subject: String(at).padStart(3, '0') }),
  )
  const findings = judged(...many)
  expect(findings).toHaveLength(findingsPerCheckMax)
  expect(findings.at(-1)?.evidence.values).toEqual({ leftOut: 7 })
})

test('a fingerprint is of what is wrong with what, and not of numbers', () => {
  const [first] = judged(warn({ n: 1 }, { subject: 'x' }))
  const [second] = judged(crit({ n: 2 }, { subject: 'x' }))
  expect(first?.fingerprint).toBe(second?.fingerprint)
  expect(first?.fingerprint).not.toBe(fingerprintOf('AAA01', 'y'))
})
