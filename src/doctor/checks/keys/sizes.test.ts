import type { GivenFacts, GivenKey } from '../../facts.test-support.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { many } from './keys.test-support.ts'
import { sizeChecks } from './sizes.ts'

const mb = 2 ** 20

const strings = (bytes: number): GivenFacts => ({ keys: [{ name: 'a', bytes }] })

const collection = (type: string, elements: number): GivenFacts => ({
  keys: [{ name: 'a', type, elements }],
})

const inCluster = (keys: readonly GivenKey[]): GivenFacts => ({
  keys,
  more: { cluster: new Map([['cluster_size', '3']]) },
})

/** So many with one tag, the others each with its own. */
function spread(tagged: number, of: number): readonly GivenKey[] {
  return many(of, (at) => ({ name: at < tagged ? `{all}:${at}` : `a:${at}` }))
}

describeChecks(sizeChecks, [
  {
    id: 'KEY04',
    fires: [
      ['a large string', 'warn a', strings(mb + 1)],
      ['a huge string', 'crit a', strings(10 * mb + 1)],
      ['a hash', 'warn a', collection('hash', 5_001)],
      ['a list', 'warn a', collection('list', 10_001)],
      ['a set', 'warn a', collection('set', 100_001)],
      ['anything huge', 'crit a', { keys: [{ name: 'a', type: 'zset', bytes: 101 * mb }] }],
      [
        'one that the sample has missed',
        'warn',
        { keys: [], info: { db0_distrib_strings_sizes: '1=3,512K=1,2M=1' } },
      ],
    ],
    silent: [
      ['a string', strings(mb)],
      ['a set', collection('set', 100_000)],
      ['none is', { keys: [], info: { db0_distrib_strings_sizes: '1=3,512K=1' } }],
    ],
  },
  {
    id: 'KEY10',
    fires: [['two', 'info', { info: { db0: 'keys=1,expires=0', db3: 'keys=1,expires=0' } }]],
    silent: [['one', { info: { db0: 'keys=1,expires=0' } }]],
  },
  {
    id: 'KEY11',
    fires: [['a million and one', 'info', { info: { db0: 'keys=1000001,expires=0' } }]],
    silent: [['a million', { info: { db0: 'keys=1000000,expires=0' } }]],
  },
  {
    id: 'KEY13',
    fires: [
      ['a tag', 'warn slot 3894', inCluster(spread(101, 2_000))],
      ['much of a node', 'crit slot 3894', inCluster(spread(101, 120))],
      ['no cluster', 'skipped', { keys: [{ name: 'a' }] }],
    ],
    silent: [
      ['few keys', inCluster(spread(100, 2_000))],
      [
        'partitions of a cache',
        inCluster(many(1_600, (at) => ({ name: `{app:${at % 16}}:k:a:${at}` }))),
      ],
    ],
  },
])
