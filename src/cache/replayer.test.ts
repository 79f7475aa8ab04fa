import { beforeEach, describe, expect, test } from 'vitest'
import { openEnvelopes } from '../codec/index.ts'
import type { Wish } from '../coherence/index.ts'
import { defineCatalog } from '../core/catalog.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Connected } from '../core/contracts/store.ts'
import { family } from '../core/family.ts'
import type { Message } from '../core/message.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import { shape } from '../core/shape.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { createCache } from './create-cache.ts'
import { askOf, type DeliveryWorld, deliveryWorld, trustMs } from './delivery-world.test-support.ts'
import { isPending } from './engine.ts'

const keyWish = (key: string, ask: Parameters<typeof askOf>[1] = {}): Wish => ({
  kind: 'key',
  ask: askOf(key, ask),
})
const tailMs = 1_000

let world: DeliveryWorld

beforeEach(async () => {
  world = await deliveryWorld()
  world.connect('stampA', tailMs)
})

const acknowledged = (...wishes: readonly Wish[]) =>
  world.keeper.acknowledged({ partition: 0, wishes })
const isHeldBack = (key: string, ...tags: string[]) =>
  isPending(world.engine, { partition: 0, key }, tags)
const keysSent = () =>
  world.calls.flatMap(({ method, request }) =>
    method === 'invalidate' ? (request as { asks: { key: string }[] }).asks : [],
  )
const trustAgain = () => {
  const { trust } = world.engine.partitions[0] ?? {}
  if (trust !== undefined) trust.untilMs = Number.POSITIVE_INFINITY
}
const head = { epoch: 'epochAAA', seq: 1, origin: 'other', serverMicros: 1, reason: '' }
const floorMessage: Message = { kind: 'floor', clock: 9, barrier: undefined, ...head }

describe('a new incarnation that may have lost the last writes', () => {
  test('is told what was acknowledged in its last time, and nothing older', async () => {
    acknowledged(keyWish('item:old'))
    await world.clock.advance(tailMs + 2 * trustMs + 1)
    acknowledged(keyWish('item:new'), { kind: 'tag', tag: 'a' })
    await world.clock.advance(60_000)
    world.connect('stampB', tailMs)
    await world.clock.advance(1_000)
    expect(keysSent().map(({ key }) => key)).toEqual(['item:new'])
    expect(world.calls).toContainEqual(expect.objectContaining({ method: 'raise' }))
    expect(world.engine.delivery.replay).toBe(2)
    const told = world.events.filter((event) => event.kind === 'invalidate')
    expect(new Set(told.map(({ via }) => via))).toEqual(new Set(['replay']))
  })

  test('is not read for what has not been said yet', async () => {
    acknowledged(keyWish('item:1'), { kind: 'tag', tag: 'a' })
    world.connect('stampB', tailMs)
    expect([isHeldBack('item:1'), isHeldBack('item:2', 'a')]).toEqual([true, true])
    expect(isHeldBack('item:2', 'b')).toBe(false)
    await world.clock.advance(1_000)
    expect([isHeldBack('item:1'), isHeldBack('item:2', 'a')]).toEqual([false, false])
  })

  test('is told in batches of two hundred, each after a wait of its own', async () => {
    acknowledged(...Array.from({ length: 450 }, (_, index) => keyWish(`item:${index}`)))
    world.connect('stampB', tailMs)
    await world.clock.advance(3_000)
    const sizes = world.calls.map(({ request }) => (request as { asks: unknown[] }).asks.length)
    expect(sizes).toEqual([200, 200, 50])
  })

  test('is told everything at once where more was acknowledged than is remembered', async () => {
    acknowledged(...Array.from({ length: 2_001 }, (_, index) => keyWish(`item:${index}`)))
    world.connect('stampB', tailMs)
    await world.clock.advance(1_000)
    expect(world.calls).toMatchObject([{ method: 'raise', request: { tags: [] } }])
  })

  test('is told when only the connection after knows that it may have lost something', async () => {
    world = await deliveryWorld()
    world.connect('stampA')
    acknowledged(keyWish('item:1'))
    world.connect('stampB', tailMs)
    await world.clock.advance(1_000)
    expect(keysSent()).toHaveLength(1)
  })

  test('is told by a cache that closes before its turn came', async () => {
    acknowledged(keyWish('item:1'))
    world.connect('stampB', tailMs)
    world.replayer.hurry()
    await world.courier.deliver(0)
    expect(keysSent()).toHaveLength(1)
    await world.clock.advance(1_000)
    expect([keysSent().length, world.proofs]).toEqual([1, []])
  })
})

describe('nothing is said again', () => {
  test('to the same incarnation', async () => {
    acknowledged(keyWish('item:1'))
    world.connect('stampA', tailMs)
    await world.clock.advance(5_000)
    expect(world.calls).toEqual([])
  })

  test('after a restart of a server that leaves nobody behind', async () => {
    world = await deliveryWorld()
    world.connect('stampA')
    acknowledged(keyWish('item:1'))
    world.connect('stampB')
    world.connect('stampC', tailMs)
    await world.clock.advance(5_000)
    expect(world.calls).toEqual([])
  })

  test('that a message says after trust has been regained', async () => {
    acknowledged(keyWish('item:1'), { kind: 'tag', tag: 'a' }, { kind: 'floor' })
    world.connect('stampB', tailMs)
    trustAgain()
    world.replayer.heard(0, floorMessage)
    expect(isHeldBack('item:1', 'a')).toBe(false)
    await world.clock.advance(5_000)
    expect(world.calls).toEqual([])
  })
})

describe('a message heard meanwhile', () => {
  test('says nothing before trust: it may be older than our connection', async () => {
    acknowledged(keyWish('item:1'))
    world.connect('stampB', tailMs)
    world.replayer.heard(0, floorMessage)
    await world.clock.advance(1_000)
    expect(keysSent()).toHaveLength(1)
  })

  test('of other keys and tags leaves ours to be said', async () => {
    acknowledged(keyWish('item:1'), keyWish('item:2'), { kind: 'tag', tag: 'a' })
    world.connect('stampB', tailMs)
    trustAgain()
    const heard = { barrier: undefined, ...head }
    world.replayer.heard(0, { kind: 'keys', keys: ['item:2'], ...heard })
    world.replayer.heard(0, { kind: 'tags', tags: ['b'], clock: 9, ...heard })
    await world.clock.advance(1_000)
    expect(keysSent()).toMatchObject([{ key: 'item:1' }])
    expect(world.calls).toMatchObject([{ method: 'raise', request: { tags: ['a'] } }, {}])
  })

  test('does not stand for a floor of orders, nor for the end of a quarantine', async () => {
    acknowledged(keyWish('item:1', { order: '1'.padStart(19, '0') }))
    acknowledged(keyWish('item:2', { tokens: ['token'] }))
    world.connect('stampB', tailMs)
    trustAgain()
    world.replayer.heard(0, floorMessage)
    await world.clock.advance(1_000)
    expect(keysSent()).toMatchObject([{ key: 'item:1' }, { key: 'item:2' }])
  })
})

describe('a cache', () => {
  test('tells observers what it says again after a failover, and counts it', async () => {
    const clock = new VirtualClock()
    const server = new EmbeddedServer({ clock, chance: new SeededChance(1) })
    const item = family('item:{name}', { value: shape<number>(), ttl: '5m' })
    const catalog = defineCatalog('replay', { item })
    const ways: string[] = []
    const notify = (event: CacheEvent) => {
      if (event.kind === 'invalidate' && event.via !== 'message') ways.push(event.via)
    }
    const given = { service: 'test', log: false, observers: [{ notify }] }
    const chance = new SeededChance(2)
    const nextTurn = async () => {}
    const opened = createCache(catalog, resolveOptions(catalog, given), {
      remote: mayLose(openEmbedded(server, { clock, withBus: true })),
      memory: new AdaptiveMemory({ bytesMax: 1_000_000, entriesMax: 100 }),
      envelopeOf: await openEnvelopes(catalog.compiled.values(), {
        sources: new Map(),
        chance,
        nextTurn,
      }),
      clock,
      chance,
      spool: undefined,
      log: undefined,
    })
    await clock.advance(1)
    const cache = await opened
    await cache.view('item').invalidate(['a'])
    server.restart('kept')
    await clock.advance(5_000)
    expect(ways).toEqual(['call', 'replay'])
    expect(cache.stats().delivery).toMatchObject({ replayed: 1, late: 0, pending: 0 })
    await cache.close()
  })
})

/** Its server says that it may lose its last writes. */
function mayLose(remote: Remote): Remote {
  const { kind, store, bus } = remote
  return {
    kind,
    store,
    bus,
    close: () => remote.close(),
    open: (process, listener) => {
      const losing = Object.create(listener)
      losing.up = (partition: number, connected: Connected) =>
        listener.up(partition, { ...connected, lostTailMs: tailMs })
      return remote.open(process, losing)
    },
  }
}
