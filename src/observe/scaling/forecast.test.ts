import { expect, it } from 'vitest'
import { forecast, hourMs, type Measured } from './forecast.ts'

const nowMs = 1_700_000_000_000

/** One measure a minute until now. */
function measured(hours: number, valueAt: (hour: number) => number): readonly Measured[] {
  const minutes = hours * 60
  return Array.from({ length: minutes + 1 }, (_, at) => {
    const hour = (at - minutes) / 60
    return { atMs: nowMs + hour * hourMs, value: valueAt(hour) }
  })
}

it('says when what grows steadily meets its limit', () => {
  const found = forecast(
    measured(24, (hour) => 500 + 10 * hour),
    { nowMs, limit: 900 },
  )
  expect(found?.perHour).toBeCloseTo(10, 6)
  expect(found?.valueNow).toBeCloseTo(500, 6)
  expect((found?.msToLimit ?? 0) / hourMs).toBeCloseTo(40, 6)
})

it('sees the line through noise that is smaller than the growth', () => {
  const noise = (hour: number) => 15 * Math.sin(hour * 7.3)
  const found = forecast(
    measured(24, (hour) => 500 + 10 * hour + noise(hour)),
    { nowMs, limit: 900 },
  )
  expect((found?.msToLimit ?? 0) / hourMs).toBeGreaterThan(37)
  expect((found?.msToLimit ?? 0) / hourMs).toBeLessThan(43)
})

it('knows no limit ahead of what stays or falls, and none behind what is over it', () => {
  const at = { nowMs, limit: 900 }
  expect(
    forecast(
      measured(24, () => 500),
      at,
    )?.msToLimit,
  ).toBeUndefined()
  expect(
    forecast(
      measured(24, (hour) => 500 - hour),
      at,
    )?.msToLimit,
  ).toBeUndefined()
  expect(
    forecast(
      measured(24, () => 950),
      at,
    )?.msToLimit,
  ).toBe(0)
})

it('says nothing of what is no line, or is too short', () => {
  const at = { nowMs, limit: 900 }
  expect(
    forecast(
      measured(24, (hour) => 500 + 100 * Math.sin(hour)),
      at,
    ),
  ).toBeUndefined()
  expect(
    forecast(
      measured(0.5, (hour) => 500 + hour),
      at,
    ),
  ).toBeUndefined()
  const sparse = [0, 1, 2, 3].map((hour) => ({ atMs: nowMs - hour * hourMs, value: 500 - hour }))
  expect(forecast(sparse.reverse(), at)).toBeUndefined()
  expect(forecast([], at)).toBeUndefined()
})
