import { describe, expect, test, vi } from 'vitest'
import { environment, systemChance, systemClock } from './system.ts'

describe('the clock of the system', () => {
  test('never goes back and fires a timer not before its time', async () => {
    const startMs = systemClock.now()
    await new Promise<void>((resolve) => systemClock.timer(20, resolve))
    expect(systemClock.now() - startMs).toBeGreaterThanOrEqual(19)
    expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1000)
  })

  test('does not fire a cancelled timer, and lets one that has fired be cancelled', async () => {
    const cancelled = systemClock.timer(0, () => expect.unreachable())
    cancelled.cancel()
    cancelled.cancel()
    const fired: { cancel(): void } = await new Promise((resolve) => {
      const timer = systemClock.timer(5, () => resolve(timer))
    })
    fired.cancel()
  })

  test('keeps the process alive for a waited timer only', () => {
    const count = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = count()
    const background = systemClock.timer(60_000, () => {}, 'background')
    expect(count()).toBe(before)
    const waited = systemClock.timer(60_000, () => {})
    expect(count()).toBe(before + 1)
    background.cancel()
    waited.cancel()
    expect(count()).toBe(before)
  })

  test('fires a timer of two months once, after two months', () => {
    vi.useFakeTimers()
    try {
      const twoMonthsMs = 60 * 24 * 3600 * 1000
      let fired = 0
      systemClock.timer(twoMonthsMs, () => fired++)
      vi.advanceTimersByTime(twoMonthsMs - 1)
      expect(fired).toBe(0)
      vi.advanceTimersByTime(1)
      expect(fired).toBe(1)
      vi.advanceTimersByTime(twoMonthsMs)
      expect(fired).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('runs the end of the tick before promises that are settled in it', async () => {
    const order: string[] = []
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        systemClock.endOfTick(() => order.push('end of tick'))
        Promise.resolve().then(() => resolve(void order.push('promise')))
        order.push('tick')
      })
    })
    expect(order).toEqual(['tick', 'end of tick', 'promise'])
  })
})

describe('the chance of the system', () => {
  test('gives tokens of 16 characters, each once', () => {
    const tokens = Array.from({ length: 10_000 }, () => systemChance.token())
    expect(new Set(tokens).size).toBe(10_000)
    expect(tokens.every((token) => /^[\w-]{16}$/.test(token))).toBe(true)
  })

  test('gives fractions from zero to below one', () => {
    const units = Array.from({ length: 1000 }, () => systemChance.unit())
    expect(Math.min(...units)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...units)).toBeLessThan(1)
    expect(new Set(units).size).toBeGreaterThan(900)
  })
})

test('an environment variable that is empty counts as absent', () => {
  vi.stubEnv('STALEPROOF_TEST', 'x')
  expect(environment('STALEPROOF_TEST')).toBe('x')
  vi.stubEnv('STALEPROOF_TEST', '')
  expect(environment('STALEPROOF_TEST')).toBeUndefined()
  vi.unstubAllEnvs()
  expect(environment('STALEPROOF_TEST')).toBeUndefined()
})
