import { expect, test } from 'vitest'
import type { Clock } from '../core/contracts/clock.ts'
import { Bell } from './bell.ts'

function timers(): { readonly clock: Clock; readonly armed: Set<() => void> } {
  const armed = new Set<() => void>()
  const timer = (_ms: number, task: () => void) => {
    armed.add(task)
    return { cancel: () => void armed.delete(task) }
  }
  const clock = { now: () => 0, wallMs: () => 0, timer, endOfTick: () => {} }
  return { clock, armed }
}

test('a ring cuts the pause short and leaves no timer', async () => {
  const { clock, armed } = timers()
  const bell = new Bell(clock)
  const pause = bell.wait(1_000)
  expect(armed.size).toBe(1)
  bell.ring()
  await pause
  expect(armed.size).toBe(0)
})

test('a ring that nobody heard cuts the next pause, and only that one', async () => {
  const { clock, armed } = timers()
  const bell = new Bell(clock)
  bell.ring()
  await bell.wait(1_000)
  const pause = bell.wait(1_000)
  expect(armed.size).toBe(1)
  for (const task of armed) task()
  await pause
})
