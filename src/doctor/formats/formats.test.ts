import { expect, test } from 'vitest'
import { findingOf, reportOf } from '../report.test-support.ts'
import { sampleOf } from '../wilson.ts'
import { formatReport, type Look, type ReportFormat } from './index.ts'

const hostile = '<script>|`x`\u001b[31m%0A::error::\u202e\n"&'
const remedy = { text: 'Split it.', commands: ['UNLINK key'] }

const report = reportOf(
  findingOf({
    status: 'crit',
    subject: hostile,
    remedy,
    evidence: {
      values: { example: hostile, mb: 12.5 },
      commands: ['MEMORY USAGE key'],
      sample: sampleOf(3_800, 10_000, 4_100_000),
    },
  }),
  findingOf({
    id: 'CMD03',
    title: 'The sources use Redis in a way that hurts',
    subject: 'keys a.ts',
    remedy,
    evidence: { values: {}, commands: [], places: [{ file: 'a.ts', line: 7, text: "keys('*')" }] },
  }),
  findingOf({ id: 'MEM01', status: 'ok', title: 'There is no limit of memory' }),
  findingOf({ id: 'CON02', status: 'skipped', title: 'Connections', reason: 'CLIENT is refused' }),
)

const plain: Look = { paint: (_colour, text) => text, showsAll: false }
const written = (format: ReportFormat, look = plain): string => formatReport(report, format, look)

test('pretty tells what is wrong, what shows it, how sure it is, and what to do', () => {
  const text = written('pretty')
  expect(text).toMatch(/^redis 7\.0\.15 \(standalone\) at 127\.0\.0\.1:6379\n/)
  expect(text).toMatch('CRIT KEY04 A key is very large: ')
  expect(text).toMatch('38 % ± 1 of keys (n = 10,000 of ≈ 4,100,000)')
  expect(text).toMatch("at     a.ts:7  keys('*')")
  expect(text).toMatch('do     Split it.\n            UNLINK key')
  expect(text).toMatch('1 crit, 1 warn, 0 info, 0 unknown, 1 skipped, 1 ok')
  expect(text).not.toMatch('MEM01')
})

test('pretty shows what is fine and what was skipped where it is asked to', () => {
  const text = written('pretty', { ...plain, showsAll: true })
  expect(text).toMatch(' ok  MEM01')
  expect(text).toMatch('SKIP CON02')
  expect(text).toMatch('why    CLIENT is refused')
})

test.each(['pretty', 'markdown', 'junit'] as const)('%s obeys no name of a key', (format) => {
  const text = written(format)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  if (format !== 'pretty') expect(text).not.toMatch('<script>')
})

test.each(['pretty', 'markdown'] as const)('%s obeys no version of a server', (format) => {
  const server = { ...report.server, version: hostile }
  const text = formatReport({ ...report, server }, format, plain)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
})

test('json is the report, and ndjson the same line by line', () => {
  expect(JSON.parse(written('json'))).toEqual(JSON.parse(JSON.stringify(report)))
  const [head, ...findings] = written('ndjson')
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(head).toMatchObject({ type: 'report', schemaVersion: 1 })
  expect(findings).toMatchObject(report.findings.map(({ id }) => ({ type: 'finding', id })))
})

test('markdown is one table row for each fault', () => {
  const rows = written('markdown')
    .split('\n')
    .filter((line) => /^\| (crit|warn)/.test(line))
  expect(rows).toHaveLength(2)
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6)
})

test('github has an annotation for each fault, in one line each', () => {
  const lines = written('github').split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^::error title=KEY04 A key is very large::A key is very large: /)
  expect(lines[0]).toContain('%250A')
  expect(lines[1]).toMatch(/^::warning file=a\.ts,line=7,title=CMD03 /)
})

test('junit has a case for each finding: failed, skipped or passed', () => {
  const text = written('junit')
  expect(text).toMatch('tests="4" failures="2" skipped="1"')
  expect(text.match(/<testcase /g)).toHaveLength(4)
  expect(text.match(/<failure type="(crit|warn)"/g)).toHaveLength(2)
  expect(text).toMatch('<skipped message="CLIENT is refused"/>')
})

test('sarif has rules, levels, places and fingerprints', () => {
  const { version, runs } = JSON.parse(written('sarif'))
  expect(version).toBe('2.1.0')
  const [run] = runs
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['KEY04', 'CMD03'])
  expect(run.results).toMatchObject([
    { ruleId: 'KEY04', level: 'error', locations: [{ logicalLocations: [{ kind: 'resource' }] }] },
    {
      ruleId: 'CMD03',
      level: 'warning',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a.ts' },
            region: { startLine: 7 },
          },
        },
      ],
      partialFingerprints: { 'staleproof/v1': 'CMD03-keys a.ts' },
    },
  ])
})
