import { expect, test } from 'vitest'
import { InstantClock } from './instant-clock.test-support.ts'
import { Pacer } from './pacer.ts'

test('so many commands take a second, but for a burst', async () => {
  const clock = new InstantClock()
  clock.pass(60_000)
  const pacer = new Pacer(clock, 1_000)
  for (let at = 0; at < 20; at++) await pacer.take(50)
  expect(clock.now()).toBe(60_950)
  await pacer.take(50)
  expect(clock.now()).toBe(61_000)
})

test('time in which nothing was sent is not saved up', async () => {
  const clock = new InstantClock()
  const pacer = new Pacer(clock, 1_000)
  clock.pass(60_000)
  await pacer.take(1_000)
  expect(clock.now()).toBe(60_950)
})

test('a few commands are sent at once', async () => {
  const clock = new InstantClock()
  clock.pass(1_000)
  const pacer = new Pacer(clock, 1_000)
  await pacer.take(50)
  expect(clock.now()).toBe(1_000)
})
