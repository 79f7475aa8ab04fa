import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Wish } from '../coherence/index.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { Barriers } from './barrier.ts'
import { askOf, type DeliveryWorld, deliveryWorld } from './delivery-world.test-support.ts'
import { Evictor } from './evictor.ts'
import { Executor } from './executor.ts'
import { KeyFlight } from './flight-of.ts'

const keyWish: Wish = { kind: 'key', ask: askOf('item:1') }
const tagWish: Wish = { kind: 'tag', tag: 'user%3A7' }

let world: DeliveryWorld
let evictor: Evictor
let executor: Executor

beforeEach(async () => {
  world = await deliveryWorld()
  const { engine, keeper } = world
  evictor = new Evictor(engine.flights, () => undefined)
  executor = new Executor({ engine, keeper, evictor, barriers: new Barriers(engine) })
})

const execute = async (...wishes: readonly Wish[]) => {
  const saying = { partition: 0, wishes, reason: '', hasBarrier: false }
  const [execution] = await executor.executeAll([saying])
  if (execution === undefined) throw new Error('expected an execution')
  return execution
}

const partition = () => {
  const [first] = world.engine.partitions
  if (first === undefined) throw new Error('expected a partition')
  return first
}

function flight(): KeyFlight {
  const plan = { key: 'item:1', partition: 0, mode: 'bounded', generation: 1 } as const
  const known = { id: 1, memoryId: 1, suspect: undefined, outer: undefined }
  const traits = { isShareable: true, alone: undefined, startedMs: 0 }
  return world.engine.flights.register(new KeyFlight({ ...plan, ...known, ...traits }))
}

test('a key is dropped behind its command, in the same turn, and when it is answered', async () => {
  const sentAtDrop: number[] = []
  vi.spyOn(evictor, 'evict').mockImplementation(() => sentAtDrop.push(world.calls.length))
  const executing = execute(keyWish)
  expect(sentAtDrop).toEqual([1])
  await executing
  expect(sentAtDrop).toEqual([1, 1])
})

test('a load that begins while it is sent is dropped too', async () => {
  const before = flight()
  const executing = execute(keyWish)
  expect(before.isDoomed).toBe(true)
  const meanwhile = flight()
  await executing
  expect(meanwhile.isDoomed).toBe(true)
})

test.each<Wish>([tagWish, { kind: 'floor' }])('a $kind ends the sharing of loads', async (wish) => {
  const before = flight()
  const executing = execute(wish)
  expect([before.isClosed, before.isDoomed]).toEqual([true, false])
  const meanwhile = flight()
  await executing
  expect(meanwhile.isClosed).toBe(true)
})

test('the clock that the answer brings voids what was loaded before', async () => {
  const { groups } = partition()
  await execute(tagWish)
  const { newest } = groups
  expect(groups.covers(newest - 1, ['user%3A7'])).toBe(false)
  expect(groups.covers(newest - 1, ['user%3A8'])).toBe(true)
  await execute({ kind: 'floor' })
  expect(groups.covers(newest, ['user%3A8'])).toBe(false)
})

test('a clock of another epoch makes all that is held a suspect', async () => {
  const { trust } = partition()
  trust.subscribed({ stamp: 'stampAAA', runId: 'runA', generation: 1 }, 0)
  trust.heard({ epoch: 'epochZZZ', seq: undefined })
  const { generation } = trust
  await execute(tagWish)
  expect(trust.generation).toBeGreaterThan(generation)
  const after = trust.generation
  await execute(tagWish)
  expect(trust.generation).toBe(after)
})

test('without an answer in time it is kept, and dropped here all the same', async () => {
  world.manners.invalidate = 'silence'
  const executing = execute(keyWish)
  const meanwhile = flight()
  await world.clock.advance(world.engine.settings.budgetMs + 1)
  expect((await executing).reply).toBeUndefined()
  expect(meanwhile.isDoomed).toBe(true)
  expect(world.engine.journal.isPending(0, 'item:1', [])).toBe(true)
})

test('a server that is known to hang is asked, and not waited for', async () => {
  const { breaker } = partition()
  while (!breaker.isOpen) breaker.failed()
  world.manners.invalidate = 'silence'
  expect((await execute(keyWish)).reply).toBeUndefined()
  expect(world.calls).toHaveLength(1)
})

test('a fault that a store throws at once is pending like one that it rejects with', async () => {
  const { engine } = world
  vi.spyOn(engine.store, 'invalidate').mockImplementation(() => {
    throw new StoreFault('down', 'at once')
  })
  expect((await execute(keyWish)).reply).toBeUndefined()
  expect([engine.redis.pending, engine.journal.size]).toEqual([0, 1])
})

describe('calls of one tick', () => {
  const barrier = { partition: 0, wishes: [keyWish], reason: '', hasBarrier: true }

  test('are one script call behind the first, each with its own execution', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `item:${at}`)
    const wishes = names.map((key): Wish => ({ kind: 'key', ask: askOf(key) }))
    const executions = await Promise.all(wishes.map((wish) => execute(wish)))
    const told = names.map((key) => ({ key }))
    expect(world.calls).toMatchObject([
      { request: { asks: told.slice(0, 1) } },
      { request: { asks: told.slice(1) } },
    ])
    expect(executions.map((one) => one.wishes)).toEqual(wishes.map((wish) => [wish]))
  })

  test('are dropped here at each call', async () => {
    const executing = execute({ kind: 'key', ask: askOf('item:2') })
    const before = flight()
    const second = execute(keyWish)
    expect(before.isDoomed).toBe(true)
    await Promise.all([executing, second])
  })

  test('are kept once if there is no answer, and pending for each', async () => {
    world.manners.invalidate = 'down'
    const executions = await Promise.all([execute(keyWish), execute(keyWish)])
    expect(executions.map(({ reply }) => reply)).toEqual([undefined, undefined])
    expect(world.engine.journal.size).toBe(1)
  })

  test('leave before a barrier, which has a message of its own', async () => {
    const plain = execute(keyWish)
    const passing = executor.executeAll([barrier])
    expect(world.calls).toMatchObject([
      { request: { barrier: undefined } },
      { request: { barrier: { id: expect.any(String) } } },
    ])
    await plain
    await world.clock.advance(10 * world.engine.settings.trustMs)
    expect(await passing).toMatchObject([{ barrier: { silent: [] } }])
  })
})
