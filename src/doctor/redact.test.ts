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

test('a word that the miner has kept may be a name, and no hash of it is told', () => {
  const { findings } = redacted(
    reportOf(
      findingOf({
        id: 'KEY01',
        evidence: { values: { families: 'profile:alice 3, user:{int} 2' }, commands: [] },
      }),
      findingOf({
        id: 'KEY07',
        subject: 'profile:alice profile_alice',
        evidence: { values: { 'profile:alice': 3, profile_alice: 4 }, commands: [] },
      }),
      findingOf({
        id: 'KEY06',
        evidence: {
          values: {
            patterns: 'profile:alice:{int} 7',
            suggestion: "family('profile:alice:{id:int}', { value: shape<unknown>(), ttl: '5m' })",
          },
          commands: [],
        },
      }),
      findingOf({ id: 'KEY02', subject: 'user' }),
    ),
  )
  expect(JSON.stringify(findings)).not.toContain('alice')
  expect(findings[1]).toMatchObject({ subject: 'profile:* profile_*', fingerprint: undefined })
  expect(findings[2]?.evidence.values).toEqual({
    patterns: 'profile:*:{int} 7',
    suggestion: "family('profile:*:{id:int}', { value: shape<unknown>(), ttl: '5m' })",
  })
  expect(findings[3]).toMatchObject({ subject: 'user', fingerprint: 'KEY02-user' })
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
