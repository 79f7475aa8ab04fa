import { expect, test } from 'vitest'
import { hashSlotOf } from '../../../core/partition-tag.ts'
import type { HotKeysSession } from '../../../inspect/index.ts'
import { factsOf, type GivenFacts } from '../../facts.test-support.ts'
import { Facts } from '../../facts.ts'
import { processOf } from '../../process.test-support.ts'
import { runChecks } from '../../run-checks.ts'
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

/** A server that was busy for so many seconds of ten. */
const busyS = (seconds: number): GivenFacts => ({
  info: { used_cpu_user_main_thread: seconds, used_cpu_sys_main_thread: 0 },
  before: { used_cpu_user_main_thread: 0 },
})

/** A key of a session over ten seconds, with its parts of what the server did. */
const session = (cpuShare: number, netShare = 0, busy = 5): HotKeysSession => ({
  ...{ isActive: true, sampleRatio: 1, startedMs: 0, durationMs: 10_000 },
  ...{ cpuUs: busy * 1e6, netBytes: 1_000 },
  keys: [{ name: 'user:7', cpuUs: cpuShare * busy * 1e6, netBytes: netShare * 1_000 }],
})

const tracked = (...given: Parameters<typeof session>): GivenFacts => ({
  more: { hotKeys: session(...given) },
})

const slot = hashSlotOf('user:7')

const slotOf = (share: number, keys: number, busy = 5): GivenFacts => ({
  ...busyS(busy),
  more: { slotUse: [{ slot, keys, cpuUs: share * busy * 1e6 }] },
})

describeChecks(heatChecks, [
  {
    id: 'KEY05',
    fires: [
      ['a twentieth', 'warn user:7', reads(0.06)],
      ['a fifth', 'crit user:7', reads(0.21)],
      ['a frequent one', 'info a', frequency(250)],
      ['by the server, a twentieth', 'warn user:7', tracked(0.06)],
      ['by the server, a fifth of its bytes', 'crit user:7', tracked(0, 0.21)],
      ['a slot of one key', `warn slot ${slot}`, slotOf(0.06, 1)],
      [
        'a slot of one key that was sampled',
        'crit {user:7}:a',
        { ...slotOf(0.21, 1), keys: [{ name: '{user:7}:a' }] },
      ],
      ['a slot of several', `info slot ${slot}`, slotOf(0.21, 2)],
      ['a replica counts its own', 'skipped', { ...frequency(255), sample: { from: 'replica' } }],
      ['nobody counts', 'skipped', { keys: [{ name: 'a' }] }],
    ],
    silent: [
      ['a little', reads(0.05)],
      ['memory answers', reads(0.5, 80)],
      ['hardly anybody reads', reads(0.5, 0, 900)],
      ['a rare one', frequency(249)],
      ['by the server, a little', tracked(0.05, 0.05)],
      ['by a server that does nothing else', tracked(0.9, 0.9, 0.9)],
      ['a cool slot', slotOf(0.05, 1)],
      ['a warm slot of several', slotOf(0.2, 2)],
      ['a slot of a server that does nothing else', slotOf(0.9, 1, 0.9)],
      [
        'what a cache keeps in few slots by design',
        { ...slotOf(0.5, 1), keys: [{ name: '{user:7}:k:a' }] },
      ],
    ],
  },
])

test.each<[string, Partial<HotKeysSession>]>([
  ['no duration', { durationMs: undefined }],
  ['a duration of nothing', { durationMs: 0 }],
  ['no time of the server', { cpuUs: undefined }],
])('a session with %s is unknown', async (_what, given) => {
  const facts = factsOf({ more: { hotKeys: { ...session(0.9), ...given } } })
  expect(await runChecks(heatChecks, facts)).toMatchObject([{ status: 'unknown' }])
})

test('what a session does not tell of a key is not taken for nothing', async () => {
  const keys = [{ name: 'user:7', cpuUs: 4e6, netBytes: undefined }]
  const facts = factsOf({ more: { hotKeys: { ...session(0), sampleRatio: undefined, keys } } })
  const [finding] = await runChecks(heatChecks, facts)
  const values = { cpuPercent: 80, netPercent: 'not known', sampleRatio: 'not known' }
  expect(finding).toMatchObject({ status: 'crit', evidence: { values } })
})

test('slots of a server that does not tell how busy it is leave the rest as it is', async () => {
  const slots = { ...reads(0.21).more, slotUse: [{ slot, keys: 1, cpuUs: 1 }] }
  const findings = await runChecks(heatChecks, factsOf({ info: { used_memory: 1 }, more: slots }))
  expect(findings).toMatchObject([
    { status: 'crit', subject: 'user:7' },
    { status: 'unknown', reason: expect.stringMatching(/main_thread/) },
  ])
})

test.each(['hotKeys', 'slotUse'] as const)('what was refused is unknown: %s', async (name) => {
  const facts = new Facts({ [name]: { missing: 'the user lacks the right' } })
  const [finding] = await runChecks(heatChecks, facts)
  expect(finding).toMatchObject({ status: 'unknown', reason: 'the user lacks the right' })
})
