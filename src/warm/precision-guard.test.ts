import { expect, test } from 'vitest'
import { PrecisionGuard } from './precision-guard.ts'

/** Verdicts, of which such a share is good, spread evenly. */
function judge(guard: PrecisionGuard, verdicts: number, goodShare: number): PrecisionGuard {
  for (let at = 0; at < verdicts; at++) guard.judge((at * 0.618) % 1 < goodShare)
  return guard
}

function opened(): PrecisionGuard {
  const guard = judge(new PrecisionGuard(), 128, 1)
  for (let miss = 0; miss < 10_000; miss++) guard.missed()
  return guard
}

test('begins off, and switches on once most predictions have come true', () => {
  expect(new PrecisionGuard().state).toBe('off')
  expect(judge(new PrecisionGuard(), 127, 1).state).toBe('off')
  expect(judge(new PrecisionGuard(), 130, 0.7).state).toBe('on')
  expect(judge(new PrecisionGuard(), 1_000, 0.5).state).toBe('off')
})

test('switches off when less than half of the last preloads were used', () => {
  const guard = opened()
  expect(judge(guard, 500, 0.6).state).toBe('on')
  expect(judge(guard, 200, 0.4).state).toBe('off')
  expect(guard.switches).toBe(2)
})

test('does not flicker: what is enough to stay on is not enough to begin', () => {
  expect(judge(opened(), 1_000, 0.55).state).toBe('on')
  expect(judge(new PrecisionGuard(), 1_000, 0.55).state).toBe('off')
})

test('waits twice as long each time that it was switched on for nothing', () => {
  const guard = new PrecisionGuard()
  const waited = [1, 2, 3].map(() => {
    let verdicts = 0
    while (guard.state === 'off') {
      guard.judge(true)
      verdicts++
    }
    judge(guard, 64, 0)
    return verdicts
  })
  expect(waited).toEqual([128, 256, 512])
})

test('waits no longer than the first time after it has gone well for long', () => {
  const guard = opened()
  judge(guard, 64, 0)
  judge(guard, 256, 1)
  expect(guard.state).toBe('on')
  judge(guard, 1_024, 1)
  judge(guard, 128, 0)
  expect(guard.state).toBe('off')
  expect(judge(guard, 128, 1).state).toBe('on')
})

test('lets preloads that are not used be a twentieth of what readers load, at most', () => {
  const guard = judge(new PrecisionGuard(), 128, 1)
  expect(guard.mayLoad).toBe(false)
  let loads = 0
  for (let miss = 0; miss < 2_000; miss++) {
    guard.missed()
    if (!guard.mayLoad) continue
    guard.loads()
    loads++
  }
  expect(loads).toBeGreaterThan(90)
  expect(loads).toBeLessThanOrEqual(100)
  guard.giveBack()
  expect(guard.mayLoad).toBe(true)
})

test('says how precise it is as soon as there is something to go by', () => {
  expect(judge(new PrecisionGuard(), 63, 1).precision).toBeUndefined()
  expect(judge(new PrecisionGuard(), 100, 0.5).precision).toBeCloseTo(0.5, 1)
})
