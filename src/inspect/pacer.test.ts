import { expect, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { InstantClock } from './instant-clock.test-support.ts'
import { Pacer } from './pacer.ts'

const pace = { commandsPerSecond: 1_000, waitMsMax: 500 }

test('so many commands take a second, but for a burst', async () => {
  const clock = new InstantClock()
  clock.pass(60_000)
  const pacer = new Pacer(clock, pace)
  for (let at = 0; at < 20; at++) await pacer.take(50)
  expect(clock.now()).toBe(60_950)
  await pacer.take(50)
  expect(clock.now()).toBe(61_000)
})

test('time in which nothing was sent is not saved up', async () => {
  const clock = new InstantClock()
  const pacer = new Pacer(clock, pace)
  clock.pass(60_000)
  await pacer.take(1_000)
  expect(clock.now()).toBe(60_950)
})

test('a few commands are sent at once', async () => {
  const clock = new InstantClock()
  clock.pass(1_000)
  const pacer = new Pacer(clock, pace)
  await pacer.take(50)
  expect(clock.now()).toBe(1_000)
})

test('who would wait too long is refused at once, and makes nobody else wait', async () => {
  const clock = new VirtualClock()
  const pacer = new Pacer(clock, pace)
  let sent = 0
  const refused: unknown[] = []
  for (let call = 0; call < 1_000; call++) {
    pacer.take(50).then(
      () => sent++,
      (error) => refused.push(error),
    )
  }
  await clock.advance(1)
  expect(refused.length).toBeGreaterThan(980)
  expect(refused[0]).toMatchObject({ code: 'SP_RATE_LIMITED', retryAfterMs: expect.any(Number) })
  await clock.advance(pace.waitMsMax + 50)
  expect(sent).toBe(1_000 - refused.length)
  pacer.take(50).then(() => sent++)
  await clock.advance(50)
  expect(sent).toBe(1_001 - refused.length)
})
