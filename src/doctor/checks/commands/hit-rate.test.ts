import { expect, test } from 'vitest'
import { factsOf, type GivenFacts } from '../../facts.test-support.ts'
import { familyOf, type GivenProcess, processOf } from '../../process.test-support.ts'
import { runChecks } from '../../run-checks.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { hitRateChecks } from './hit-rate.ts'

const info = { info: { evicted_keys: 0 }, before: { evicted_keys: 0 } }

const processes = (...given: readonly GivenProcess[]): GivenFacts => ({
  ...info,
  more: { processes: given.map(processOf) },
})

const reads = (hits: number, misses: number, family = {}): GivenFacts =>
  processes({
    stats: { families: { price: familyOf({ reads: { redis: hits, source: misses } }) } },
    families: { price: family },
  })

describeChecks(hitRateChecks, [
  {
    id: 'CMD06',
    fires: [
      ['below 70 %', 'warn price', reads(60, 40)],
      ['below 50 %', 'crit price', reads(40, 60)],
      [
        'before the first TTL is over',
        'info price',
        processes({
          atMs: 1_000,
          stats: { families: { price: familyOf({ reads: { redis: 10, source: 90 } }) } },
          families: { price: {} },
        }),
      ],
      ['below what is declared', 'warn price', reads(80, 20, { hitTarget: 0.9 })],
      [
        'of the server alone',
        'warn',
        {
          info: { keyspace_hits: 60, keyspace_misses: 40 },
          before: { keyspace_hits: 0, keyspace_misses: 0 },
        },
      ],
    ],
    silent: [
      ['a good rate', reads(80, 20)],
      ['what the family declares', reads(60, 40, { hitTarget: 0.5 })],
      ['too few to say', reads(1, 9)],
      [
        'a quiet server',
        {
          info: { keyspace_hits: 0, keyspace_misses: 9 },
          before: { keyspace_hits: 0, keyspace_misses: 0 },
        },
      ],
    ],
  },
  {
    id: 'CMD07',
    fires: [
      [
        'ten writes for a hit',
        'warn price',
        processes({
          stats: { families: { price: familyOf({ reads: { memory: 100 }, loads: 1_000 }) } },
        }),
      ],
      [
        'what is written through',
        'info price',
        processes({
          stats: { families: { price: familyOf({ reads: { memory: 100 }, sets: 1_000 }) } },
        }),
      ],
    ],
    silent: [
      [
        'another service reads it',
        processes(
          { stats: { families: { price: familyOf({ sets: 1_000 }) } } },
          { stats: { families: { price: familyOf({ reads: { redis: 200 } }) } } },
        ),
      ],
      [
        'as many hits',
        processes({
          stats: { families: { price: familyOf({ reads: { memory: 1_000 }, loads: 1_000 }) } },
        }),
      ],
    ],
  },
])

test.each<[string, GivenProcess]>([
  ['Cold', { atMs: 1_000 }],
  ['invalidation', { stats: { families: { price: low({ invalidations: 90 }) } } }],
  ['never read again', { stats: { families: { price: low({ loads: 900 }) } } }],
  ['TTL is shorter', { stats: { families: { price: low({ loads: 9 }) } } }],
])('says why the rate is low: %s', async (cause, given) => {
  const stats = { families: { price: low({}) } }
  const facts = factsOf(processes({ families: { price: {} }, stats, ...given }))
  const [finding] = await runChecks(hitRateChecks.slice(0, 1), facts)
  expect(finding?.cause).toMatch(cause)
})

function low(given: Parameters<typeof familyOf>[0]) {
  return familyOf({ reads: { redis: 40, source: 60 }, ...given })
}
