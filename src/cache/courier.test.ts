import { beforeEach, describe, expect, test } from 'vitest'
import type { Wish } from '../coherence/index.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { askOf, type DeliveryWorld, deliveryWorld, trustMs } from './delivery-world.test-support.ts'

const keyWish = (key: string): Wish => ({ kind: 'key', ask: askOf(key) })

let world: DeliveryWorld
let sweeps: string[]
let sweepFault: StoreFault | undefined

beforeEach(async () => {
  sweeps = []
  sweepFault = undefined
  world = await deliveryWorld({
    sweep: async (pattern) => {
      sweeps.push(pattern)
      if (sweepFault !== undefined) throw sweepFault
    },
  })
  world.connect('stampA')
})

const keep = (...wishes: readonly Wish[]) =>
  world.keeper.keep({ partition: 0, wishes, reason: 'test', sent: undefined })
const deliver = () => world.courier.deliver(0)
const methods = () => world.calls.map(({ method }) => method)
const pending = () => [...world.engine.journal.list()].map(({ key }) => key)
const told = () => world.events.filter((event) => event.kind === 'invalidate')

describe('a delivery', () => {
  test('sends everything that is pending: the floor, tags together, keys together', async () => {
    await keep({ kind: 'tag', tag: 'a' }, { kind: 'tag', tag: 'b' }, { kind: 'floor' })
    await keep(keyWish('item:1'), keyWish('item:2'))
    expect(await deliver()).toBe('done')
    expect(methods()).toEqual(['raise', 'raise', 'invalidate'])
    expect(world.calls[0]?.request).toMatchObject({ tags: [] })
    expect(world.calls[1]?.request).toMatchObject({ tags: ['a', 'b'], reason: 'test' })
    const asks = [{ key: 'item:1' }, { key: 'item:2' }]
    expect(world.calls[2]?.request).toMatchObject({ asks, origin: 'api.one' })
    expect(pending()).toEqual([])
  })

  test('sends no more than 250 keys in one script', async () => {
    await keep(...Array.from({ length: 251 }, (_, index) => keyWish(`item:${index}`)))
    await deliver()
    expect(methods()).toEqual(['invalidate', 'invalidate'])
    expect(pending()).toEqual([])
  })

  test('is told to observers as a retry, and counted as late', async () => {
    await keep(keyWish('item:1'), { kind: 'tag', tag: 'a' }, { kind: 'floor' })
    await deliver()
    expect(told()).toMatchObject([
      { via: 'retry', keys: ['*'], tags: [] },
      { via: 'retry', keys: [], tags: ['a'] },
      { via: 'retry', keys: ['item:1'], tags: [], reason: 'test', pending: [] },
    ])
    expect(world.engine.delivery.retry).toBe(3)
  })

  test('without an answer within Δ leaves everything pending', async () => {
    world.manners.invalidate = 'silence'
    await keep(keyWish('item:1'))
    const delivery = deliver()
    await world.clock.advance(trustMs + 1)
    expect(await delivery).toBe('unreachable')
    expect(pending()).toEqual(['item:1'])
  })

  test('that is lost on the way is unreachable, so that no beat follows it', async () => {
    world.manners.invalidate = 'lost'
    await keep(keyWish('item:1'))
    expect(await deliver()).toBe('unreachable')
  })
})

describe('a server that refuses', () => {
  test('one kind of invalidation still gets the others', async () => {
    world.manners.raise = 'refused'
    await keep({ kind: 'tag', tag: 'a' }, keyWish('item:1'))
    expect(await deliver()).toBe('refused')
    expect(pending()).toEqual(['tag:a'])
  })

  test('is asked again after pauses that grow, not with every beat', async () => {
    world.manners.invalidate = 'refused'
    await keep(keyWish('item:1'))
    for (let beat = 0; beat < 120; beat++) {
      expect(await deliver()).toBe('refused')
      await world.clock.advance(500)
    }
    // In a minute of beats: never more than one in half the longest pause, never none.
    expect(world.calls.length).toBeGreaterThan(60_000 / 5_000)
    expect(world.calls.length).toBeLessThan(60_000 / 2_500 + 3)
  })

  test('is asked at once on a new connection', async () => {
    world.manners.invalidate = 'refused'
    await keep(keyWish('item:1'))
    await deliver()
    await deliver()
    expect(world.calls).toHaveLength(1)
    world.manners.invalidate = 'answer'
    world.server.restart('kept')
    await world.clock.advance(1)
    expect(await deliver()).toBe('done')
  })
})

describe('a pattern', () => {
  test('is swept beside the beats, and pending until its end', async () => {
    await world.keeper.keepPattern({ pattern: 'item:*', reason: 'test' })
    expect(world.engine.journal.isPending(0, 'item:1', [])).toBe(true)
    expect(await deliver()).toBe('done')
    await world.engine.tasks.settled()
    expect(sweeps).toEqual(['item:*'])
    expect(pending()).toEqual([])
    expect(told()).toMatchObject([{ via: 'retry', keys: ['item:*'], reason: 'test' }])
  })

  test('that is refused stays, and is swept again after a pause', async () => {
    sweepFault = new StoreFault('refused', 'no right to scan')
    await world.keeper.keepPattern({ pattern: 'item:*', reason: 'test' })
    for (let beat = 0; beat < 3; beat++) {
      await deliver()
      await world.engine.tasks.settled()
    }
    expect([sweeps.length, pending()]).toEqual([1, ['item:*']])
    sweepFault = undefined
    await world.clock.advance(5_000)
    await deliver()
    await world.engine.tasks.settled()
    expect(pending()).toEqual([])
  })

  test('that is interrupted by a lost connection is swept again with the next beat', async () => {
    sweepFault = new StoreFault('lost', 'connection closed')
    await world.keeper.keepPattern({ pattern: 'item:*', reason: 'test' })
    await deliver()
    await world.engine.tasks.settled()
    sweepFault = undefined
    await deliver()
    await world.engine.tasks.settled()
    expect([sweeps.length, pending()]).toEqual([2, []])
  })
})

describe('what is kept', () => {
  test.each([[{ kind: 'tag', tag: 'a' }], [{ kind: 'floor' }]] as const)(
    'makes all of memory prove itself again for a group: %o',
    async (wish) => {
      const { trust } = world.engine.partitions[0] ?? {}
      const before = trust?.generation
      await keep(wish)
      expect(trust?.generation).toBe((before ?? 0) + 1)
    },
  )

  test('leaves memory alone for single keys, which are evicted', async () => {
    const { trust } = world.engine.partitions[0] ?? {}
    const before = trust?.generation
    await keep(keyWish('item:1'))
    expect(trust?.generation).toBe(before)
  })

  test('is delivered when the first request is executed late after all', async () => {
    const reply = { epoch: undefined, seq: undefined, receivers: 2, registered: undefined }
    const wishes = [keyWish('item:1')]
    await world.keeper.keep({ partition: 0, wishes, reason: 'x', sent: Promise.resolve(reply) })
    await world.engine.tasks.settled()
    expect(pending()).toEqual([])
    expect(told()).toMatchObject([{ via: 'retry', keys: ['item:1'], reached: 2 }])
  })

  test('stays when it was merged with another wish before the first was executed', async () => {
    const reply = { epoch: undefined, seq: undefined, receivers: 2, registered: undefined }
    const wishes = [keyWish('item:1')]
    await keep(keyWish('item:1'))
    await world.keeper.keep({ partition: 0, wishes, reason: 'x', sent: Promise.resolve(reply) })
    await world.engine.tasks.settled()
    expect(pending()).toEqual(['item:1'])
  })
})
