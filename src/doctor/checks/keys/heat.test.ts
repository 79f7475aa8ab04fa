import type { GivenFacts } from '../../facts.test-support.ts'
import { processOf } from '../../process.test-support.ts'
import { describeChecks } from '../fixture.test-support.ts'
import { heatChecks } from './heat.ts'

const none = { memory: 0, redis: 0, joined: 0, stale: 0, source: 0, none: 0 }
const stats = {
  warmed: 0,
  loads: 0,
  loadErrors: 0,
  stores: {},
  sets: 0,
  invalidations: 0,
}

const reads = (share: number, memory = 0, all = 1_000): GivenFacts => ({
  more: {
    processes: [
      processOf({
        usedKeys: [{ family: 'user', key: 'user:7', reads: share * all, error: 0, share }],
        stats: {
          families: { user: { ...stats, reads: { ...none, memory, redis: 100 - memory } } },
        },
      }),
    ],
  },
})

const frequency = (value: number): GivenFacts => ({ keys: [{ name: 'a', frequency: value }] })

describeChecks(heatChecks, [
  {
    id: 'KEY05',
    fires: [
      ['a twentieth', 'warn user:7', reads(0.06)],
      ['a fifth', 'crit user:7', reads(0.21)],
      ['a frequent one', 'info a', frequency(250)],
      ['a replica counts its own', 'skipped', { ...frequency(255), sample: { from: 'replica' } }],
      ['nobody counts', 'skipped', { keys: [{ name: 'a' }] }],
    ],
    silent: [
      ['a little', reads(0.05)],
      ['memory answers', reads(0.5, 80)],
      ['hardly anybody reads', reads(0.5, 0, 900)],
      ['a rare one', frequency(249)],
    ],
  },
])
