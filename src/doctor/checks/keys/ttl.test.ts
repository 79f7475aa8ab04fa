import { expect, test } from 'vitest'
import { factsOf, type GivenFacts } from '../../facts.test-support.ts'
import { runChecks } from '../../run-checks.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { declared, many } from './keys.test-support.ts'
import { ttlChecks } from './ttl.ts'

/** Some without TTL, and the others with one. */
const endless = (without: number, of: number, name = 'a'): GivenFacts => ({
  info: { db0: `keys=${of},expires=${of - without}` },
  keys: many(of, (at) => ({
    name: `${name}:${at}`,
    ttlMs: at < without ? undefined : 1_000 * at,
  })),
})

/** So many expire together, the others spread over five minutes. */
const together = (count: number, of: number): GivenFacts => ({
  keys: many(of, (at) => ({ name: `a:${at}`, ttlMs: at < count ? 100_000 : (at * 300_000) / of })),
})

describeChecks(ttlChecks, [
  {
    id: 'KEY01',
    fires: [
      ['some of nobody', 'warn', endless(100, 1_000)],
      ['many of nobody', 'crit', endless(300, 1_000)],
      ['one of a family', 'crit user', { ...endless(1, 100, 'user'), ...declared }],
      [
        'counted, where keys can not be sampled',
        'warn',
        { info: { db0: 'keys=1000,expires=900' } },
      ],
    ],
    silent: [
      ['a few', endless(19, 100)],
      ['a small share', endless(50, 1_000)],
      [
        'streams',
        {
          info: { db0: 'keys=100,expires=0' },
          keys: many(100, (at) => ({ name: `a:${at}`, type: 'stream', ttlMs: undefined })),
        },
      ],
    ],
  },
  {
    id: 'KEY02',
    fires: [
      ['over the bound', 'crit user', { keys: [{ name: 'user:7', ttlMs: 330_001 }], ...declared }],
      ['nobody declares', 'skipped', { keys: [{ name: 'user:7', ttlMs: 330_001 }] }],
    ],
    silent: [
      ['within it', { keys: [{ name: '{app:0}:k:user:7', ttlMs: 330_000 }], ...declared }],
      ['of nobody', { keys: [{ name: 'other:7', ttlMs: 999_999 }], ...declared }],
    ],
  },
  {
    id: 'KEY03',
    fires: [
      ['a hump', 'warn a:{int}', together(90, 1_000)],
      ['a cliff', 'crit a:{int}', together(200, 1_000)],
    ],
    silent: [
      ['an even spread', together(0, 1_000)],
      ['few keys', together(19, 100)],
    ],
  },
  {
    id: 'KEY12',
    fires: [
      ['many are left', 'warn', { info: { expired_stale_perc: 10.5 } }],
      [
        'time ran out',
        'warn',
        {
          info: { expired_stale_perc: 1, expired_time_cap_reached_count: 3 },
          before: { expired_time_cap_reached_count: 0 },
        },
      ],
    ],
    silent: [['few are', { info: { expired_stale_perc: 10 } }]],
  },
])

test('a share of a family is of the keys of that family, as far as the sample tells', async () => {
  const keys = [...(together(200, 1_000).keys ?? []), ...many(1_000, (at) => ({ name: `b:${at}` }))]
  const check = ttlChecks.filter(({ id }) => id === 'KEY03')
  const findings = await runChecks(check, factsOf({ keys, sample: { total: 20_000 } }))
  const finding = findings.find(({ subject }) => subject === 'a:{int}')
  expect(finding?.evidence.sample).toMatchObject({ sampled: 1_000, of: 10_000 })
})
