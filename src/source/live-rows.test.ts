import { expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { fallMs, openWorld, returnMs, silentMs, withPollInUse } from './world.test-support.ts'

test('an older value never replaces a newer one, whoever tells of it', async () => {
  const world = await withPollInUse()
  world.poll.answer = () => [
    { id: 'a', seq: 0, bid: 0.1 },
    { id: 'b', seq: 1 },
  ]
  await world.clock.advance(2_000)
  expect(world.live.get('a')).toMatchObject({ value: { seq: 1 }, source: 'wire' })
  expect(world.data.map(({ key, order }) => `${key}${order}`)).toEqual(['a1', 'b1'])
  expect(world.of('poll')).toMatchObject({ received: 2, applied: 1, older: 1, duplicates: 0 })
})

test('a stream of nothing but older rows is not relied on in place of a newer poll', async () => {
  const world = await withPollInUse()
  let seq = 10
  world.poll.answer = () => [{ id: 'a', seq: ++seq }]
  world.wire.fault = undefined
  for (let ms = 0; ms < 2 * (returnMs + silentMs); ms += 1_000) {
    world.wire.say({ id: 'a', seq: 2 })
    await world.clock.advance(1_000)
  }
  expect(world.of('wire').older).toBeGreaterThan(0)
  expect(world.live.stats().active).toBe('poll')
  expect(world.live.get('a')?.order).toBe(seq)
})

test('a value that a live source confirms is seen again, not told again', async () => {
  const world = await withPollInUse()
  const before = world.live.get('a')?.seenAtMs ?? 0
  world.poll.answer = () => [{ id: 'a', seq: 1, bid: 0.7 }]
  await world.clock.advance(2_001)
  const seen = world.live.get('a')
  expect(seen).toMatchObject({ source: 'poll', value: { bid: 0 } })
  expect(seen?.seenAtMs).toBeGreaterThan(before + fallMs)
  expect(world.data).toHaveLength(1)
  expect(world.of('poll').duplicates).toBe(1)
})

test('each row that can not be used is counted and skipped, the others are taken', () => {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 }, null, 'remark', { id: 'b', seq: 1.5 }, { id: 'c', seq: 1 })
  expect(world.data.map(({ key }) => key)).toEqual(['a', 'c'])
  expect(world.of('wire')).toMatchObject({ received: 5, applied: 2, ignored: 1, invalid: 2 })
  expect(world.of('wire').lastInvalid).toContain('SP_OPTION_INVALID')
  expect(world.of('wire').state).toBe('up')
})

test('what a stream hands on in place of a list is one row', () => {
  const world = openWorld()
  const [sink] = world.wire.opened
  for (const frame of [{ id: 'a', seq: 1 }, 'garbage', null, undefined]) {
    // A frame as it was parsed: the type is the author's promise.
    sink?.rows(frame as never)
  }
  expect(world.of('wire')).toMatchObject({ applied: 1, invalid: 3 })
})

test('a poll that answers nothing but invalid rows has failed', async () => {
  const world = await withPollInUse()
  world.poll.answer = () => [1, 2]
  await world.clock.advance(2_001)
  expect(world.of('poll')).toMatchObject({ state: 'down', failures: 1, invalid: 2 })
  expect(world.of('poll').lastError).toContain('SP_SOURCE_ROWS')
})

test.each([['text'], [undefined], [{}]])('a poll that answers %o has failed', async (answer) => {
  const world = await withPollInUse()
  world.poll.answer = () => answer
  await world.clock.advance(2_000)
  expect(world.of('poll').lastError).toContain('SP_SOURCE_ROWS')
})

test('a read that takes too long is given up, and its answer counts no more', async () => {
  const world = await withPollInUse()
  const late = new Deferred<unknown>()
  world.poll.answer = () => late.promise
  await world.clock.advance(3_001)
  expect(world.of('poll').lastError).toContain('SP_SOURCE_TIMEOUT')
  expect(world.poll.signal?.aborted).toBe(true)
  late.resolve([{ id: 'z', seq: 1 }])
  await world.clock.advance(0)
  expect(world.live.get('z')).toBeUndefined()
})

test('pauses between failing reads grow, and end with the first success', async () => {
  const world = await withPollInUse()
  world.poll.answer = () => Promise.reject(new Error('502'))
  await world.clock.advance(120_000)
  expect(world.poll.asked).toBeLessThan(12)
  world.poll.answer = () => []
  await world.clock.advance(30_000)
  const { asked } = world.poll
  await world.clock.advance(10_000)
  expect(world.poll.asked).toBe(asked + 5)
})

test('no more keys are held than allowed, and pages keep their order', () => {
  const world = openWorld({ maxKeys: 3 })
  for (const id of ['a', 'b', 'c', 'd']) world.wire.say({ id, seq: 1 })
  world.wire.say({ id: 'b', seq: 2 })
  expect(world.live.stats()).toMatchObject({ keys: 3, evicted: 1 })
  const keys = (offset: number, limit: number) =>
    world.live.page({ offset, limit }).map(({ key }) => key)
  expect([keys(0, 2), keys(2, 2), keys(3, 2)]).toEqual([['b', 'c'], ['d'], []])
  expect(() => world.live.page({ offset: -1, limit: 2 })).toThrow('SP_OPTION_INVALID')
})
