import { describe, expect, test } from 'vitest'
import type { Clock } from '../core/contracts/clock.ts'
import { Breaker } from './breaker.ts'

let nowMs = 0
const clock: Clock = {
  now: () => nowMs,
  wallMs: () => nowMs,
  timer: () => ({ cancel() {} }),
  endOfTick: (task) => queueMicrotask(task),
}

function watched(failuresMax = 3) {
  const changes: boolean[] = []
  const onChange = (isOpen: boolean) => changes.push(isOpen)
  return { breaker: new Breaker(failuresMax, { clock, onChange }), changes }
}

describe('a breaker', () => {
  test('opens at the last of so many failures in a row, not before', () => {
    const { breaker } = watched()
    breaker.failed()
    breaker.failed()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    expect(breaker.isOpen).toBe(true)
  })

  test('counts anew after every success', () => {
    const { breaker } = watched()
    for (let round = 0; round < 5; round++) {
      breaker.failed()
      breaker.failed()
      breaker.succeeded()
    }
    expect(breaker.isOpen).toBe(false)
  })

  test('closes with one success, and needs all failures again to open', () => {
    const { breaker } = watched()
    for (let count = 0; count < 10; count++) breaker.failed()
    breaker.succeeded()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    breaker.failed()
    expect(breaker.isOpen).toBe(false)
    breaker.failed()
    expect(breaker.isOpen).toBe(true)
  })

  test('tells each change once', () => {
    const { breaker, changes } = watched(1)
    breaker.succeeded()
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    breaker.succeeded()
    expect(changes).toEqual([true, false])
  })

  test('opens after another number of failures once it is told so', () => {
    const { breaker } = watched(3)
    breaker.configure(1)
    breaker.failed()
    expect(breaker.isOpen).toBe(true)
  })

  test('counts what it has seen, and how long it was open', () => {
    nowMs = 0
    const { breaker } = watched(1)
    breaker.tried()
    breaker.failed()
    breaker.refused()
    breaker.tried()
    nowMs = 700
    breaker.measured(3)
    breaker.succeeded()
    expect(breaker.stats()).toMatchObject({
      state: 'closed',
      failures: 1,
      rejected: 1,
      recoveryAttempts: 1,
      recoveries: 1,
      recoveryMeanMs: 700,
      latency: { maxMs: 3 },
    })
  })
})
