import { beforeEach, expect, test } from 'vitest'
import { type DeliveryWorld, deliveryWorld } from './delivery-world.test-support.ts'
import { Replication } from './replication.ts'

const ask = { replicas: 2, timeoutMs: 50 }

let world: DeliveryWorld
let counts: number[]

beforeEach(async () => {
  world = await deliveryWorld({ partitions: 2 })
  counts = [2, 2]
  world.engine.store.replicated = async (partition) => counts[partition] ?? 0
})

const confirm = (partitions: readonly number[]) =>
  new Replication(world.engine, ask).confirm(partitions)
const faults = () => world.events.filter((event) => event.kind === 'fault')

test('says nothing where nobody asks for replicas', async () => {
  const replication = new Replication(world.engine, undefined)
  expect(await replication.confirm([0])).toBeUndefined()
})

test('is true when every partition is on enough replicas', async () => {
  expect(await confirm([0, 1, 1])).toBe(true)
  expect(faults()).toEqual([])
})

test('is false, reported and counted, when one partition is on too few', async () => {
  counts = [2, 1]
  expect(await confirm([0, 1])).toBe(false)
  expect(faults()).toMatchObject([{ error: { code: 'SP_NOT_REPLICATED', received: '1' } }])
  expect(world.engine.delivery.notReplicated).toBe(1)
})

test('is false when the server does not answer in time, or can not', async () => {
  world.engine.store.replicated = () => new Promise(() => {})
  const confirmed = confirm([0])
  await world.clock.advance(1_000)
  expect(await confirmed).toBe(false)
})

test('is false when nothing was executed at all', async () => {
  expect(await confirm([])).toBe(false)
})

test('asks one at a time, and once for all who have come meanwhile', async () => {
  const asked: ((count: number) => void)[] = []
  world.engine.store.replicated = () => new Promise((resolve) => asked.push(resolve))
  const replication = new Replication(world.engine, ask)
  const first = replication.confirm([0])
  const others = [replication.confirm([0]), replication.confirm([0])]
  expect(asked).toHaveLength(1)
  asked[0]?.(2)
  expect(await first).toBe(true)
  expect(asked).toHaveLength(2)
  asked[1]?.(2)
  expect(await Promise.all(others)).toEqual([true, true])
})

test('does not ask again for Δ where there were too few: asking holds up reads', async () => {
  counts = [0, 2]
  let asked = 0
  const replicated = world.engine.store.replicated
  world.engine.store.replicated = (...args) => {
    asked++
    return replicated(...args)
  }
  const replication = new Replication(world.engine, ask)
  expect(await replication.confirm([0])).toBe(false)
  counts = [2, 2]
  expect(await replication.confirm([0])).toBe(false)
  expect(asked).toBe(1)
  await world.clock.advance(world.engine.settings.trustMs)
  expect(await replication.confirm([0])).toBe(true)
})
