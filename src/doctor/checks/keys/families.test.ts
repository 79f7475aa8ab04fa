import { expect, test } from 'vitest'
import { factsOf, type GivenFacts } from '../../facts.test-support.ts'
import { processOf } from '../../process.test-support.ts'
import { runChecks } from '../../run-checks.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { familyChecks } from './families.ts'
import { declared, many, named } from './keys.test-support.ts'

const versions = (startedMs: number, ...found: readonly string[]): GivenFacts => ({
  more: {
    nowMs: 1_000_000,
    caches: new Map([
      [
        'app',
        found.map((version, at) =>
          processOf({
            startedMs: startedMs - at,
            families: { user: { version, maxStaleMs: 700_000 } },
          }),
        ),
      ],
    ]),
  },
})

describeChecks(familyChecks, [
  {
    id: 'KEY06',
    fires: [
      ['all of them', 'crit', { keys: many(100, (at) => ({ name: `a:${at}` })), ...declared }],
      [
        'a large one',
        'warn',
        {
          keys: [...many(500, (at) => ({ name: `user:${at}` })), { name: 'a:1', bytes: 1_000 }],
          ...declared,
        },
      ],
    ],
    silent: [
      ['none of them', { keys: many(100, (at) => ({ name: `user:${at}` })), ...declared }],
      ['slots and what lies beside', { ...named('{app:0}:k:user:#', '{app:0}:b:#'), ...declared }],
    ],
  },
  {
    id: 'KEY08',
    fires: [
      ['three versions', 'warn user', versions(999_000, 'c', 'b', 'a')],
      ['one was left behind', 'crit user', versions(299_000, 'b', 'a')],
    ],
    silent: [
      ['one version', versions(0, 'a', 'a')],
      ['a deployment', versions(999_000, 'b', 'a')],
    ],
  },
])

test('a family nobody declared is suggested as it would be declared', async () => {
  const check = familyChecks.filter(({ id }) => id === 'KEY06')
  const keys = many(5, (at) => ({ name: `page:${at}:${'0'.repeat(7)}${at}a` }))
  const [finding] = await runChecks(check, factsOf({ keys, ...declared }))
  expect(finding?.evidence.values).toMatchObject({
    patterns: 'page:{int}:{hex} 5',
    suggestion: "family('page:{id:int}:{id2}', { value: shape<unknown>(), ttl: '5m' })",
  })
})
