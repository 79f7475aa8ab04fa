import { expect, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Pauses, pauseFirstMs, pauseMostMs, pausesMax } from './pauses.ts'

/** How long the key `a` pauses, to 50 ms; it has then ended. */
async function pauseOf(pauses: Pauses, clock: VirtualClock): Promise<number> {
  let ms = 0
  for (; pauses.reasonOf('a') !== undefined; ms += 50) await clock.advance(50)
  return ms
}

const unitOf = (unit: number) => ({ unit: () => unit, token: () => '' })

test('a key that failed pauses, and may then be tried', async () => {
  const clock = new VirtualClock()
  const pauses = new Pauses(clock, unitOf(0.999999))
  expect(pauses.reasonOf('a')).toBeUndefined()
  pauses.failed('a', 'breakerOpen')
  expect(pauses.reasonOf('a')).toBe('breakerOpen')
  expect(pauses.reasonOf('b')).toBeUndefined()
  await clock.advance(pauseFirstMs)
  expect(pauses.reasonOf('a')).toBeUndefined()
})

test('pauses double up to a bound, and begin anew after a success', async () => {
  const clock = new VirtualClock()
  const pauses = new Pauses(clock, unitOf(0))
  const lengths: number[] = []
  for (let failure = 0; failure < 9; failure++) {
    pauses.failed('a', 'sourceFailed')
    lengths.push(await pauseOf(pauses, clock))
  }
  expect(lengths).toEqual([
    500,
    1_000,
    2_000,
    4_000,
    8_000,
    16_000,
    ...Array(3).fill(pauseMostMs / 2),
  ])
  pauses.succeeded('a')
  pauses.failed('a', 'sourceFailed')
  expect(await pauseOf(pauses, clock)).toBe(pauseFirstMs / 2)
})

test('a random part is taken off', async () => {
  const clock = new VirtualClock()
  const pauses = new Pauses(clock, unitOf(0.5))
  pauses.failed('a', 'sourceFailed')
  expect(await pauseOf(pauses, clock)).toBe(pauseFirstMs * 0.75)
})

test('one failure that many callers tell of counts once', async () => {
  const clock = new VirtualClock()
  const pauses = new Pauses(clock, unitOf(0))
  for (let caller = 0; caller < 5; caller++) pauses.failed('a', 'sourceFailed')
  expect(await pauseOf(pauses, clock)).toBe(pauseFirstMs / 2)
})

test('the number of keys is bounded', () => {
  const pauses = new Pauses(new VirtualClock(), unitOf(0))
  for (let key = 0; key <= pausesMax; key++) pauses.failed(String(key), 'sourceFailed')
  expect(pauses.count).toBe(pausesMax)
  expect(pauses.reasonOf('0')).toBeUndefined()
  expect(pauses.reasonOf(String(pausesMax))).toBe('sourceFailed')
})
