/**
 * Which keys Redis should evict when room is short: those not read for longest, or those read
 * least. With values alone that is a question of the hit ratio; here leases and quarantines are
 * among the keys, and a key that has just been made was read by nobody yet.
 */
import { type Policy, type Pressed, press } from '../eviction/pressure.ts'
import { readsOf } from '../eviction/trace.ts'
import { meanOf } from '../statistics.ts'
import { barOf, type Study, type StudyRow } from '../study.ts'

const trace = 'ecom-orm-busy'
/** Room for about half of the keys that are read. */
const bytesMax = 12 * 1_048_576
const reads = { full: 150_000, quick: 60_000 }
const rounds = { full: 2, quick: 1 }

const policies: readonly Policy[] = [
  { name: 'allkeys-lru', samples: 5 },
  { name: 'allkeys-lru', samples: 10 },
  { name: 'allkeys-lfu', samples: 5 },
  { name: 'allkeys-lfu', samples: 10 },
]

interface Judged {
  readonly policy: Policy
  readonly hits: number
  readonly evicted: number
  /** In percent. */
  readonly leasesLost: number
  readonly quarantinesLost: number
  readonly oldReads: number
}

export const evictionPolicy: Study = {
  name: 'eviction-policy',
  needsOwnRedis: true,
  async study({ redisUrl = '' }, isQuick) {
    const ids = readsOf(trace, isQuick ? reads.quick : reads.full)
    const pressed = policies.map((): Pressed[] => [])
    for (let round = 0; round < (isQuick ? rounds.quick : rounds.full); round++) {
      for (const [at, policy] of policies.entries()) {
        pressed[at]?.push(await press({ redisUrl, policy, bytesMax, reads: ids }))
      }
    }
    const judged = policies.map((policy, at) => judge(policy, pressed[at] ?? []))
    const of = (name: Policy['name'], part: (each: Judged) => number) => {
      return meanOf(judged.filter(({ policy }) => policy.name === name).map(part))
    }
    const lostBy = (name: Policy['name']) => of(name, (each) => each.leasesLost)
    return {
      title: `Eviction with leases and quarantines among the keys, ${trace}`,
      method:
        `${ids.length} reads beside slow writes; values of 1 KB; one load in 20 takes 50 to ` +
        '1,000 ms, and so does every write; leases are those of slow loads',
      columns: ['hit %', 'evicted', 'leases lost %', 'quarantines lost %', 'old reads'],
      plotted: 'leases lost %',
      rows: judged.map(rowOf),
      bars: [
        barOf(
          'leases lost by lru, in points more than by lfu',
          lostBy('allkeys-lru') - lostBy('allkeys-lfu'),
          0,
        ),
        barOf(
          'hit ratio of lfu over that of lru, in points',
          of('allkeys-lfu', ({ hits }) => hits) - of('allkeys-lru', ({ hits }) => hits),
          1,
        ),
        barOf(
          'old reads',
          judged.reduce((sum, each) => sum + each.oldReads, 0),
          0,
        ),
      ],
    }
  },
}

function judge(policy: Policy, pressed: readonly Pressed[]): Judged {
  const mean = (part: (each: Pressed) => number) => meanOf(pressed.map(part))
  return {
    policy,
    hits: mean(({ hitRatio }) => hitRatio * 100),
    evicted: mean(({ evictedKeys }) => evictedKeys),
    leasesLost: mean(({ leases }) => (leases.lost / leases.of) * 100),
    quarantinesLost: mean(({ quarantines }) => (quarantines.lost / quarantines.of) * 100),
    oldReads: pressed.reduce((sum, each) => sum + each.oldReads, 0),
  }
}

function rowOf(judged: Judged): StudyRow {
  const { policy, hits, evicted, leasesLost, quarantinesLost, oldReads } = judged
  const figures = [hits, evicted, leasesLost, quarantinesLost, oldReads]
  return {
    name: `${policy.name}, ${policy.samples} samples`,
    figures: figures.map((figure) => Number(figure.toFixed(1))),
  }
}
