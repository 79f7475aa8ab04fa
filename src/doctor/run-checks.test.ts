import { expect, test } from 'vitest'
import { type Check, crit, ok, type Verdict, warn } from './check.ts'
import { factsOf } from './facts.test-support.ts'
import { Facts } from './facts.ts'
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

test('a check is skipped, and never fine, where a fact is missing that it needs', async () => {
  const check = checkOf(() => ok(), { needs: ['config'] })
  expect(await runChecks([check], factsOf({}))).toMatchObject([
    { id: 'AAA01', status: 'skipped', reason: 'config was not asked for' },
  ])
})

test('a check that misses something on its way says so', async () => {
  const check = checkOf(() => {
    throw new Missing('unknown', 'INFO does not give it')
  })
  expect(await runChecks([check], factsOf({}))).toMatchObject([
    { status: 'unknown', reason: 'INFO does not give it', remedy: undefined },
  ])
})

test('a field that INFO does not give is unknown, and one that fell was reset', async () => {
  const used = checkOf((facts) => ok({ used: facts.need('info').number('used_memory') }))
  const evicted = checkOf((facts) => ok({ count: facts.need('info').delta('evicted_keys') }))
  const facts = factsOf({ info: { evicted_keys: 1 }, before: { evicted_keys: 2 } })
  expect(await runChecks([used, evicted], facts)).toMatchObject([
    { status: 'unknown' },
    { status: 'unknown' },
  ])
})

test('a mistake in a check makes its own finding unknown, and ends no other', async () => {
  const check = checkOf(() => {
    throw new TypeError('a mistake')
  })
  const other = checkOf(() => crit({}), { id: 'AAA02' })
  expect(await runChecks([check, other], factsOf({}))).toMatchObject([
    { id: 'AAA02', status: 'crit' },
    { id: 'AAA01', status: 'unknown', reason: expect.stringContaining('a mistake') },
  ])
})

test('what is wrong hides what is fine, and the worst comes first', async () => {
  const findings = await judged(ok({ a: 1 }), warn({ b: 2 }), crit({ c: 3 }, { subject: 'x' }))
  expect(findings.map(({ status }) => status)).toEqual(['crit', 'warn'])
  expect(findings[0]).toMatchObject({
    subject: 'x',
    evidence: { values: { c: 3 }, commands: ['INFO'] },
    remedy: { text: 'Mend it.' },
  })
})

test('nothing found is one finding that says fine', async () => {
  expect(await judged()).toMatchObject([{ status: 'ok', remedy: undefined }])
  expect(await judged(ok({ a: 1 }))).toMatchObject([
    { status: 'ok', evidence: { values: { a: 1 } } },
  ])
})

test('a check tells so much and no more, and how much it left out', async () => {
  const many = Array.from({ length: findingsPerCheckMax + 7 }, (_, at) =>
    warn({}, { subject: String(at).padStart(3, '0') }),
  )
  const findings = await judged(...many)
  expect(findings).toHaveLength(findingsPerCheckMax)
  expect(findings.at(-1)?.evidence.values).toEqual({ leftOut: 7 })
})

test('what several processes say of one subject is one finding, and the worst of it', async () => {
  const findings = await judged(
    crit({ n: 9, process: 'a' }, { subject: 'api' }),
    warn({ n: 1, process: 'b' }, { subject: 'api' }),
    warn({ n: 2, process: 'c' }, { subject: 'bot' }),
  )
  expect(findings).toMatchObject([
    { status: 'crit', evidence: { values: { n: 9, process: 'a', processes: 'a, b' } } },
    { status: 'warn', subject: 'bot', evidence: { values: { n: 2, process: 'c' } } },
  ])
  expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2)
})

test('what nobody asked for is skipped, and the report is whole without it', async () => {
  const check = checkOf(() => ok(), { needs: ['code'] })
  const facts = new Facts({ code: { missing: 'no --code was given', isMoot: true } })
  expect(await runChecks([check], facts)).toMatchObject([{ status: 'skipped', isMoot: true }])
})

test('another turn of the loop comes between two checks', async () => {
  let turns = 0
  const check = checkOf(() => {
    setImmediate(() => {
      turns += 1
    })
    return ok({ turns })
  })
  const findings = await runChecks([check, check, check], factsOf({}))
  expect(findings.map(({ evidence }) => evidence.values.turns)).toEqual([0, 1, 2])
})

test('a fingerprint is of what is wrong with what, and not of numbers', async () => {
  const [first] = await judged(warn({ n: 1 }, { subject: 'x' }))
  const [second] = await judged(crit({ n: 2 }, { subject: 'x' }))
  expect(first?.fingerprint).toBe(second?.fingerprint)
  expect(first?.fingerprint).not.toBe(fingerprintOf('AAA01', 'y'))
})
