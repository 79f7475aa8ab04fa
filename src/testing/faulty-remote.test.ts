import { describe, expect, it, test } from 'vitest'
import type { BusListener } from '../core/contracts/bus.ts'
import { StoreFault, type StoreListener } from '../core/contracts/store.ts'
import { EmbeddedServer } from '../embedded/index.ts'
import { FaultyRemote } from './faulty-remote.ts'
import { FaultyRoute } from './faulty-route.ts'
import { FaultyServer } from './faulty-server.ts'
import { SeededChance } from './seeded-chance.ts'
import { describeStore, type StoreWorld } from './store-suite.ts'
import { VirtualClock } from './virtual-clock.ts'
import { VirtualTime } from './virtual-time.ts'

const beatMs = 5

function open(delayMs: number) {
  const time = new VirtualTime()
  const chance = new SeededChance(1)
  const serverClock = new VirtualClock({ time })
  const embedded = new EmbeddedServer({ clock: serverClock, chance })
  const server = new FaultyServer('server', embedded, serverClock)
  let leadsTo = server
  const commands = new FaultyRoute(time, { delayMs: () => delayMs })
  const bus = new FaultyRoute(time, { delayMs: () => delayMs })
  const faults = { isLost: () => false, isDoubled: () => false }
  const clock = new VirtualClock({ time })
  const remote = new FaultyRemote({
    ...{ clock, chance, commands, bus, faults, partitions: 1, serverOf: () => leadsTo },
    ...{ connectTimeoutMs: 500, unansweredMsMax: 1_000, lostTailMs: undefined },
  })
  const lead = (other: FaultyServer) => {
    leadsTo = other
  }
  return { time, chance, embedded, server, commands, bus, clock, remote, faults, lead }
}

/** Opened, with everything that its process is told written down. */
async function opened() {
  const world = open(beatMs)
  const lines: string[] = []
  const listener: StoreListener & BusListener = {
    up: (_, { generation }) => lines.push(`up ${generation}`),
    down: (_, reason) => lines.push(`down: ${reason}`),
    subscribed: (_, { generation }) => lines.push(`subscribed ${generation}`),
    unsubscribed: (_, reason) => lines.push(`unsubscribed: ${reason}`),
    message: (_, text) => lines.push(`message ${text.split('|').at(-1)}`),
    direct: () => lines.push('echo'),
  }
  const opening = world.remote.open('p1', listener)
  await world.time.advance(4 * beatMs)
  await opening
  lines.length = 0
  return { ...world, lines }
}

const ask = { order: '', keepsOrder: false, floorMs: 0, tokens: [], settle: undefined }
const invalidation = (key: string) => ({
  ...{ asks: [{ ...ask, key }], origin: 'test', reason: 'test', barrier: undefined },
})

describeStore({ describe, expect, it }, 'the store and bus behind links without faults', openWorld)

async function openWorld(): Promise<StoreWorld> {
  const { remote, embedded, time } = open(0)
  let isOpen = true
  const goOn = () => {
    if (isOpen) void time.advance(1).then(() => setImmediate(goOn))
  }
  goOn()
  return {
    remote,
    text: async (key) => embedded.text(key),
    ttlMs: async (key) => embedded.ttlMs(key),
    putText: async (key, text, lifeMs) => embedded.putText(key, text, lifeMs),
    loseRecord: async (how) => embedded.evictRecord(0, how === 'foreign' ? 'foreign' : undefined),
    async loseLock(name) {
      embedded.step(0).partition.locks.drop(name)
    },
    async loseBucket(name) {
      embedded.step(0).partition.buckets.drop(name)
    },
    close() {
      isOpen = false
      return remote.close()
    },
  }
}

describe('a link', () => {
  test('takes its time there and back, and keeps the order', async () => {
    const { remote, time, lines } = await opened()
    const replies: string[] = []
    for (const key of ['a', 'b']) {
      void remote.store.invalidate(0, invalidation(key)).then(() => replies.push(key))
    }
    await time.advance(2 * beatMs - 1)
    expect(replies).toEqual([])
    await time.advance(1)
    expect(replies).toEqual(['a', 'b'])
    expect(lines).toEqual(['message a', 'message b'])
  })

  test('delivers after a cut what was on its way', async () => {
    const { remote, time, bus, lines } = await opened()
    bus.cut()
    void remote.store.invalidate(0, invalidation('a'))
    await time.advance(500)
    expect(lines).toEqual([])
    bus.heal()
    await time.advance(0)
    expect(lines).toEqual(['message a'])
  })

  test('loses what was asked on a connection that ends, and dials again', async () => {
    const { remote, time, server, lines } = await opened()
    const lost = remote.store.invalidate(0, invalidation('a'))
    const refused = expect(lost).rejects.toMatchObject({ kind: 'lost' })
    server.hangUp('test', ({ withBus }) => !withBus)
    await time.advance(1_000)
    await refused
    expect(lines).toEqual(['down: test', 'up 2'])
    expect(server.embedded.text('a')).toBeUndefined()
  })

  test('is given up when a command is unanswered for too long', async () => {
    const { remote, time, server, lines } = await opened()
    server.drop(({ withBus }) => !withBus)
    const lost = expect(remote.store.invalidate(0, invalidation('a'))).rejects.toThrow(StoreFault)
    await time.advance(2_000)
    await lost
    expect(lines).toEqual(['down: a command is unanswered for 1000 ms', 'up 2'])
  })

  test('holds what reaches a paused process until it goes on', async () => {
    const { remote, time, clock, lines } = await opened()
    void remote.store.invalidate(0, invalidation('a'))
    clock.pause()
    await time.advance(100)
    expect(lines).toEqual([])
    clock.resume()
    await time.advance(0)
    expect(lines).toEqual(['message a'])
  })
})

describe('a server', () => {
  test('without memory refuses what needs some, and lets go of what it has', async () => {
    const { remote, time, server } = await opened()
    server.state = 'noMemory'
    const lease = { stamp: '', newEpoch: 'ePoCh001', leaseMs: 1_000, asks: [] }
    const refused = expect(remote.store.lease(0, lease)).rejects.toMatchObject({ kind: 'refused' })
    const invalidated = remote.store.invalidate(0, invalidation('a'))
    await time.advance(2 * beatMs)
    await refused
    await expect(invalidated).resolves.toMatchObject({ receivers: 1 })
  })

  test('that was demoted refuses writes, so that its processes look for another', async () => {
    const { remote, time, server, chance, lines, lead } = await opened()
    const clock = server.clock
    const replica = new EmbeddedServer({ clock, chance, copyOf: server.embedded })
    const promoted = new FaultyServer('promoted', replica, clock)
    server.state = 'replica'
    lead(promoted)
    const before = remote.store.connectedOf(0)?.stamp
    const refused = expect(remote.store.invalidate(0, invalidation('a'))).rejects.toThrow(
      'READONLY',
    )
    await time.advance(2_000)
    await refused
    expect(lines).toContain('down: READONLY')
    expect(remote.store.connectedOf(0)?.stamp).toBe(replica.incarnation.stamp)
    expect(before).toBe(server.embedded.incarnation.stamp)
    expect(remote.bus.isSubscribed).toBe(true)
  })

  test('may become another one without any connection closing', async () => {
    const { remote, time, server, chance, lines } = await opened()
    const other = new EmbeddedServer({ clock: server.clock, chance })
    other.putText('only there', 'text', 10_000)
    server.become(other)
    const read = remote.store.read(0, { keys: ['only there'], heads: [], tags: [] })
    await time.advance(2 * beatMs)
    await expect(read).resolves.toMatchObject({ slots: ['text'] })
    expect(lines).toEqual([])
  })
})
