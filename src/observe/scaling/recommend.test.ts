import { describe, expect, it } from 'vitest'
import type { SizingStats } from '../../core/contracts/memory.ts'
import { hourMs } from './forecast.ts'
import { processOf } from './process.test-support.ts'
import { recommend, type ScalingFacts } from './recommend.ts'
import { type MemorySample, memoryForecast } from './redis-advice.ts'

const mega = 2 ** 20
const nowMs = 1_700_000_000_000

const facts = (some: Partial<ScalingFacts>): ScalingFacts => {
  return { processes: [], history: [], nowMs, ...some }
}

describe('memory of processes', () => {
  /** What is judged holds 40 MB; hit ratios at a quarter of that, at a half, and so on. */
  const sizing = (...ratios: readonly number[]): SizingStats => ({
    mode: 'advise',
    gain: 0,
    families: { market: { bytes: 40 * mega, bytesAdvised: 40 * mega, gain: 0 } },
    curve: [1 / 4, 1 / 2, 3 / 4, 1, 3 / 2, 2, 4].map((times, at) => {
      return { bytes: 40 * mega * times, hitRatio: ratios[at] ?? 1 }
    }),
  })
  const adviceOn = (curve: SizingStats | undefined) => {
    return recommend(facts({ processes: [processOf({ sizing: curve })] }))[0]
  }

  it('grows as far as twice the bytes gain a point', () => {
    const advice = adviceOn(sizing(0.2, 0.4, 0.5, 0.6, 0.66, 0.7, 0.705))
    expect(advice).toMatchObject({ subject: 'l1', service: 'api', unit: 'bytes' })
    expect(advice).toMatchObject({ now: 64 * mega, advised: 128 * mega })
    expect(advice?.why).toContain('70 %')
    expect(advice?.curve[6]).toEqual({ x: 256 * mega, y: 0.705 })
  })

  it('shrinks where the room is not missed', () => {
    const advice = adviceOn(sizing(0.5, 0.895, 0.898, 0.9, 0.9, 0.9, 0.9))
    expect(advice?.advised).toBe(32 * mega)
  })

  it('sees a rise behind a flat part', () => {
    const advice = adviceOn(sizing(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.9))
    expect(advice?.advised).toBe(256 * mega)
  })

  it('stays where it is right, where room is not short, and where nobody measures', () => {
    expect(adviceOn(sizing(0.3, 0.5, 0.58, 0.65, 0.652, 0.654, 0.66))).toBeUndefined()
    expect(adviceOn({ ...sizing(), families: {}, curve: [] })).toBeUndefined()
    expect(adviceOn(undefined)).toBeUndefined()
  })

  it('takes the mean of the processes of a service', () => {
    const processes = [
      processOf({ sizing: sizing(0.2, 0.4, 0.5, 0.6, 0.66, 0.7, 0.71) }),
      processOf({ sizing: sizing(0.4, 0.6, 0.7, 0.8, 0.86, 0.9, 0.91) }),
      processOf({ service: 'bot' }),
    ]
    const [advice, ...others] = recommend(facts({ processes }))
    expect(others).toEqual([])
    expect(advice?.curve[3]?.y).toBeCloseTo(0.7)
  })
})

describe('memory of Redis', () => {
  /** One sample a minute until now. */
  const history = (hours: number, usedMegabytesAt: (hour: number) => number): MemorySample[] => {
    return Array.from({ length: hours * 60 + 1 }, (_, at) => {
      const hour = at / 60 - hours
      const usedBytes = usedMegabytesAt(hour) * mega
      return { atMs: nowMs + hour * hourMs, usedBytes, maxBytes: 1_024 * mega }
    })
  }
  const adviceOn = (samples: readonly MemorySample[]) => {
    return recommend(facts({ history: samples }))[0]
  }

  it('is to be such that what is used in three days is 70 % of it', () => {
    const samples = history(24, (hour) => 600 + 10 * hour)
    const advice = adviceOn(samples)
    expect(memoryForecast(samples, nowMs)?.msToLimit).toBeCloseTo(32.16 * hourMs, -3)
    expect(advice).toMatchObject({ subject: 'redisMemory', service: undefined, now: 1_024 * mega })
    // 600 + 720 MB, by 0.7, in steps of 64 MB.
    expect(advice?.advised).toBe(1_920 * mega)
    expect(advice?.why).toContain('90 % will be in 32 hours')
    expect(advice?.curve.at(-1)?.x).toBe(72)
    expect(advice?.curve.at(-1)?.y).toBeCloseTo(1_320 * mega, -1)
    expect(advice?.curve.length).toBeLessThan(110)
  })

  it('grows when more than 80 % are used, whatever the trend', () => {
    const advice = adviceOn(history(2, () => 850))
    expect(advice?.advised).toBe(1_216 * mega)
    expect(advice?.why).toContain('83 %')
  })

  it('shrinks after a whole day of little use only', () => {
    expect(adviceOn(history(24, () => 200))?.advised).toBe(320 * mega)
    expect(adviceOn(history(5, () => 200))).toBeUndefined()
  })

  it('stays where it is right, or unknown', () => {
    expect(adviceOn(history(24, () => 600))).toBeUndefined()
    expect(adviceOn([])).toBeUndefined()
    expect(adviceOn([{ atMs: nowMs, usedBytes: 5, maxBytes: 0 }])).toBeUndefined()
  })
})

describe('replicas', () => {
  const adviceOn = (...shares: readonly (number | undefined)[]) => {
    const processes = shares.map((processorShare) => processOf({ processorShare }))
    return recommend(facts({ processes }))[0]
  }

  it('become more when each uses more than 60 % of a core', () => {
    const advice = adviceOn(0.9, 0.8)
    expect(advice).toMatchObject({ subject: 'replicas', now: 2, advised: 3, unit: 'instances' })
    expect(advice?.why).toContain('85 %')
    expect(adviceOn(0.9, 0.9)?.advised).toBe(3)
    expect(advice?.curve[2]?.x).toBe(3)
    expect(advice?.curve[2]?.y).toBeCloseTo(1.7 / 3)
  })

  it('become fewer when they idle, and one stays', () => {
    expect(adviceOn(0.1, 0.1, 0.1, 0.1)?.advised).toBe(2)
    expect(adviceOn(0.01)).toBeUndefined()
  })

  it('are at most doubled or halved at once', () => {
    expect(adviceOn(3)?.advised).toBe(2)
    expect(adviceOn(0, 0, 0, 0, 0, 0)?.advised).toBe(3)
  })

  it('stay within a tenth of the goal, and where nobody has measured', () => {
    expect(adviceOn(0.64, 0.63)).toBeUndefined()
    expect(adviceOn(undefined, undefined)).toBeUndefined()
  })

  it('count processes that have not measured as busy as the others', () => {
    expect(adviceOn(0.9, undefined)?.advised).toBe(3)
  })
})
