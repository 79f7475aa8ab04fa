/**
 * Random calls give the same replies, slots, records and messages on Redis and on the
 * embedded server. `STALEPROOF_SEED` replays a run.
 */
import { afterAll, beforeAll, expect } from 'vitest'
import { environment } from '../../system.ts'
import {
  describeWithRedis as describe,
  TestRedis,
  testWithRedis as test,
} from '../redis-server.test-support.ts'
import { Calls, type Done } from './calls.test-support.ts'
import type { Mutation } from './debug-scripts.test-support.ts'
import { Random } from './random.test-support.ts'
import { World } from './world.test-support.ts'

/** At least `SCRIPT_CALLS` are calls of the stores; three in twenty are events of the world. */
const CALLS = 122_000
const SCRIPT_CALLS = 100_000
/** A rare one is noticed late; a run ends with the first difference. */
const CALLS_PER_MUTATION = 200_000
const BATCH = 400
const seed = Number(environment('STALEPROOF_SEED') ?? Date.now() % 1_000_000_007)

const server = new TestRedis(23_020)
beforeAll(() => server.start())
afterAll(() => server.stop())

/** The first difference, or undefined when there is none. */
async function firstDifference(calls: number, mutation?: Mutation): Promise<string | undefined> {
  const random = new Random(seed)
  const world = await World.open(server.port, random, mutation)
  const maker = new Calls(world, random)
  const seen = new Map<string, number>()
  try {
    for (let done = 0; done < calls; done += BATCH) {
      const difference = await batch(world, maker, seen)
      if (difference !== undefined) return `seed ${seed}, after ${done} calls: ${difference}`
    }
    if (mutation === undefined) {
      expect(await world.stagedLeft()).toBe(0)
      expect(maker.scriptCalls).toBeGreaterThanOrEqual(SCRIPT_CALLS)
      covers(seen)
    }
    return undefined
  } finally {
    world.close()
  }
}

async function batch(
  world: World,
  maker: Calls,
  seen: Map<string, number>,
): Promise<string | undefined> {
  const send = world.hold()
  const done: { call: Done; answers: Promise<string[]> }[] = []
  for (let at = 0; at < BATCH; at++) {
    const call = maker.next()
    const state = world.observe()
    const both = [call.embedded, call.redis, state.embedded, state.redis]
    done.push({ call, answers: Promise.all(both.map(answer)) })
  }
  send()
  let difference: string | undefined
  for (const { call, answers } of done) {
    const [reply = '', other = '', state = '', otherState = ''] = await answers
    count(seen, call.what, reply)
    difference ??= differs(call, `reply ${reply}`, `reply ${other}`)
    difference ??= differs(call, state, otherState)
  }
  if (difference !== undefined) return difference
  await world.anchor()
  const { embedded, redis } = await world.messages()
  const at = embedded.findIndex((text, index) => text !== redis[index])
  if (at < 0 && embedded.length === redis.length) return undefined
  return `message ${at}: embedded ${embedded[at]}, Redis ${redis[at]}`
}

function differs(call: Done, embedded: string, redis: string): string | undefined {
  if (embedded === redis) return undefined
  const told = JSON.stringify(call.told)?.slice(0, 1000)
  return `${call.what} ${told}\nembedded ${embedded.slice(0, 3000)}\nRedis ${redis.slice(0, 3000)}`
}

/** Numbers without end are not lost in the text. */
async function answer(promise: Promise<unknown>): Promise<string> {
  try {
    const found = await promise
    if (typeof found === 'string') return found
    return JSON.stringify(found, (_, value) => (value === Infinity ? 'Infinity' : value)) ?? ''
  } catch (error) {
    return `fault ${String(error)}`
  }
}

/** Every word that a reply can hold, by the call that gave it. */
function count(seen: Map<string, number>, what: string, reply: string): void {
  for (const [word] of reply.matchAll(/(?<=")(?:[a-z]+[A-Z]?[a-z]*)(?=")|true|false/g)) {
    seen.set(`${what} ${word}`, (seen.get(`${what} ${word}`) ?? 0) + 1)
  }
}

/** How often each verdict comes at least; the rarest comes some thirty times in a run. */
const TIMES_MIN = 5

/** A run that never reached a verdict would prove nothing about it. */
function covers(seen: ReadonlyMap<string, number>): void {
  const verdicts = {
    lease: ['granted', 'value', 'busy', 'otherVersion', 'quarantined', 'unknownWire'],
    fill: ['stored', 'gone', 'group', 'older', 'late'],
    replace: ['stored', 'gone', 'group', 'older', 'late'],
    set: ['stored', 'older', 'notHeld', 'quarantined'],
    renew: ['true', 'false'],
    lock: ['granted', 'taken'],
    unlock: ['true', 'false'],
    take: ['granted', 'refused'],
    invalidate: ['birth', 'members', 'process'],
    pattern: ['birth', 'members', 'process'],
    raise: ['birth', 'members', 'process'],
    scan: ['a', 'd'],
  }
  for (const [what, words] of Object.entries(verdicts)) {
    for (const word of words)
      expect(seen.get(`${what} ${word}`) ?? 0, `${what} ${word}`).toBeGreaterThanOrEqual(TIMES_MIN)
  }
}

describe('the embedded server', () => {
  test(`does what Redis does in ${SCRIPT_CALLS} calls from seed ${seed}`, async () => {
    expect(await firstDifference(CALLS)).toBeUndefined()
  }, 120_000)
})

/** Each is a mistake that a script could have. */
const mutations: Mutation[] = [
  { script: 'lease', from: 'slot.clock < floor', to: 'slot.clock <= floor' },
  { script: 'lease', from: 'newestOf(tags) <= slot.clock', to: 'newestOf(tags) < slot.clock' },
  { script: 'lease', from: 'nowMs < slot.born or', to: '' },
  { script: 'lease', from: 'slot.born + slot.life', to: 'slot.born + slot.life + 1000' },
  { script: 'lease', from: 'slot.deadline > nowMs', to: 'slot.deadline >= 0' },
  { script: 'lease', from: "slot.flag, slot.writers = '1', live", to: 'slot.writers = live' },
  { script: 'lease', from: 'VERSION_MS = 10000', to: 'VERSION_MS = 9999' },
  { script: 'lease', from: "'#c', clock, '#f', clock", to: "'#c', clock, '#f', '0'" },
  { script: 'lease', from: 'math.max(leaseMs, ', to: 'math.min(leaseMs, ' },
  { script: 'fill', from: ' or floor > granted', to: '' },
  { script: 'fill', from: 'slot.stamp ~= stamp or slot.epoch ~= ARGV', to: 'slot.epoch ~= ARGV' },
  { script: 'fill', from: 'run.order < slot.minimum', to: 'run.order <= slot.minimum' },
  { script: 'fill', from: 'local refused = giveBack', to: 'local function refused() end' },
  { script: 'fill', from: 'fill.run.elapsedMs))', to: '0))' },
  { script: 'fill', from: 'run.newest = run.newest or', to: 'tagged = tagged or' },
  { script: 'replace', from: 'slot.fid ~= fill.expected', to: 'false' },
  { script: 'renew', from: 'slot.deadline <= nowMs', to: 'false' },
  { script: 'release', from: "slot.minimum == ''", to: 'true' },
  { script: 'set', from: 'store(slot.clock)', to: 'store(clock)' },
  { script: 'set', from: 'order <= slot.order', to: 'order < slot.order' },
  { script: 'set', from: 'held < order then return', to: 'held <= order then return' },
  { script: 'invalidate', from: 'slot.order >= ask.order', to: 'slot.order > ask.order' },
  { script: 'invalidate', from: "#slot.writers and '1'", to: "#slot.writers and '0'" },
  { script: 'invalidate', from: 'math.max(heldMs, hasFloor', to: 'math.max(0, hasFloor' },
  { script: 'invalidate', from: 'not ask.released[writer.token]', to: 'true' },
  { script: 'invalidate', from: "order ~= '' and (ask.order", to: '(ask.order' },
  { script: 'invalidate', from: ', ask.settleMs))', to: '))' },
  { script: 'invalidate', from: 'left.stamp, left.order)', to: 'stamp, left.order)' },
  { script: 'invalidate', from: "if ask.settling ~= '' then admit", to: 'if false then admit' },
  { script: 'invalidate', from: "'(+inf')", to: "'+inf')" },
  { script: 'invalidate', from: "string.format('%.3f', nowMs)", to: "'-inf'" },
  { script: 'place', from: 'higher(writer.deadline, deadline)', to: 'deadline' },
  { script: 'place', from: "if #slot.writers > 0 then slot.flag = '1' end", to: '' },
  { script: 'place', from: 'order = floorOf(slot)', to: "order = ''" },
  { script: 'place', from: 'math.max(heldMs, quarantineMs)', to: 'quarantineMs' },
  { script: 'place', from: "slot.kind ~= 'Q'", to: 'true' },
  { script: 'tell-pattern', from: "announce('G'", to: "announce('K'" },
  { script: 'lock', from: 'holder ~= token', to: 'false' },
  { script: 'lock', from: 'fence or nextFence()', to: 'nextFence()' },
  { script: 'lock', from: ' or 0) + 1)', to: ' or 0))' },
  { script: 'lease', from: "if kept[2] then redis.call('HSET', meta, '#l', kept[2]) end", to: '' },
  { script: 'unlock', from: '~= ARGV[1]', to: '== ARGV[1]' },
  { script: 'take', from: 'capacity + LATEST_MICROS', to: 'LATEST_MICROS' },
  { script: 'take', from: 'count * interval', to: 'interval' },
  { script: 'take', from: 'over <= wait', to: 'over < wait' },
  { script: 'take', from: ' or held > latest', to: '' },
  {
    script: 'take',
    from: 'math.min(math.max(held, nowMicros), latest)',
    to: 'math.max(held, nowMicros)',
  },
  { script: 'take', from: 'granted and next or full', to: 'full' },
  { script: 'raise', from: 'math.max(nowMicros, clock + 1)', to: 'nowMicros' },
  { script: 'raise', from: 'nowMicros - raisedAt > OLD_MICROS', to: 'false' },
  { script: 'raise', from: 'if newest > floor then', to: 'if false then' },
  { script: 'beat', from: 'wire > ours', to: 'wire >= ours' },
  { script: 'beat', from: 'if forMs > 0 then', to: 'if true then' },
  { script: 'beat', from: 'pruned > 0', to: 'false' },
  { script: 'invalidate', from: "expired > 0 and ''", to: "false and ''" },
]

describe('a script with a mistake', () => {
  test.each(mutations)(
    '$script with "$to" for "$from" is noticed',
    async (mutation) => {
      expect(await firstDifference(CALLS_PER_MUTATION, mutation)).toBeDefined()
    },
    60_000,
  )
})
