import { expect, test } from 'vitest'
import { redacted, redactedKey } from './redact.ts'
import { findingOf, reportOf } from './report.test-support.ts'

test.each([
  ['user:42:profile', 'user:*:*'],
  ['user:alice', 'user:*'],
  ['{app:0}:k:user:42', '{app:0}:k:user:*'],
  ['mail:bob@example.com', 'mail:*.*'],
  ['42:user', '*:*'],
  ['leaderboard', 'leaderboard'],
])('%s is shown as %s', (name, shown) => {
  expect(redactedKey(name)).toBe(shown)
})

test('subjects and examples are redacted, numbers and places of code are not', () => {
  const report = redacted(
    reportOf(
      findingOf({
        subject: 'user:42',
        evidence: { values: { example: 'user:42', keys: 7 }, commands: [] },
      }),
      findingOf({
        id: 'CMD03',
        subject: 'keys src/a1.ts',
        evidence: { values: {}, commands: [], places: [{ file: 'src/a1.ts', line: 1, text: '' }] },
      }),
    ),
  )
  expect(report.findings[0]).toMatchObject({
    subject: 'user:*',
    evidence: { values: { example: 'user:*', keys: 7 } },
  })
  expect(report.findings[1]?.subject).toBe('keys src/a1.ts')
})
