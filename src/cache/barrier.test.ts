import { beforeEach, expect, test } from 'vitest'
import { registryMs } from '../coherence/index.ts'
import type { Registered } from '../core/contracts/store.ts'
import { Barriers } from './barrier.ts'
import { type DeliveryWorld, deliveryWorld, trustMs } from './delivery-world.test-support.ts'

const own = 'api.one'
const registered: Registered = {
  birth: 'birth',
  members: [own, 'bot.two', 'bot.three'].map((process) => ({ process, trustMs })),
}

let world: DeliveryWorld
let barriers: Barriers

beforeEach(async () => {
  world = await deliveryWorld()
  barriers = new Barriers(world.engine)
})

const knowRegistry = async () => {
  world.engine.partitions[0]?.registry.seen('birth', world.clock.now())
  await world.clock.advance(registryMs * 1.01)
}

test('it ends when all others have answered, also those who did before the reply', async () => {
  await knowRegistry()
  const barrier = barriers.begin()
  barriers.acknowledged({ barrierId: barrier.ask.id, process: 'bot.two' })
  const passing = barrier.pass(0, registered)
  await world.clock.advance(100)
  barriers.acknowledged({ barrierId: barrier.ask.id, process: 'bot.three' })
  const members = [own, 'bot.two', 'bot.three']
  expect(await passing).toEqual({ ms: 100, waitedFor: members, silent: [] })
})

test('who does not answer delays it until its trust has run out, and is named', async () => {
  await knowRegistry()
  const barrier = barriers.begin()
  const passing = barrier.pass(0, registered)
  barriers.acknowledged({ barrierId: barrier.ask.id, process: 'bot.two' })
  await world.clock.advance(trustMs * 1.01)
  const passed = await passing
  expect(passed.silent).toEqual(['bot.three'])
  expect(passed.ms).toBeGreaterThanOrEqual(trustMs * 1.002)
})

test('where the registry may have lost somebody, answers do not end it', async () => {
  const barrier = barriers.begin()
  const passing = barrier.pass(0, { birth: 'birth', members: [] })
  await world.clock.advance(trustMs * 1.01)
  const passed = await passing
  expect(passed.silent).toEqual([])
  expect(passed.ms).toBeGreaterThanOrEqual(trustMs * 1.002)
})

test('one that has ended is forgotten', () => {
  const barrier = barriers.begin()
  expect(barriers.count).toBe(1)
  barriers.end(barrier)
  expect(barriers.count).toBe(0)
})
