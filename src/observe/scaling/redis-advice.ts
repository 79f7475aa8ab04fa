/**
 * How large `maxmemory` should be: what is used at the most, now or in three days if use goes
 * on growing as it did, is to be 70 % of it (the goal of SPEC F4).
 */
import { type Forecast, forecast, hourMs, type Measured } from './forecast.ts'
import type { CurvePoint, Recommendation } from './recommendation.ts'
import { bytesText, hoursText, percentText } from './words.ts'

/** What the server said at one time. */
export interface MemorySample {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly usedBytes: number
  /** 0: it has no limit. */
  readonly maxBytes: number
}

/** Parts of `maxmemory`: how full it is meant to be, warned of, and called full. */
const goal = 0.7
const warned = 0.8
export const fullShare = 0.9
/** Less than this at the peak of a day is more than it needs. */
const idle = 0.35
const dayMs = 24 * hourMs
const horizonMs = 3 * dayMs
/** So that a little more use does not mean another number. */
const stepBytes = 64 * 1_048_576
const curvePointsMax = 96

/** Until `fullShare` of the limit; undefined: it does not grow, or nothing can be said. */
export function memoryForecast(
  samples: readonly MemorySample[],
  nowMs: number,
): Forecast | undefined {
  const limit = samples.at(-1)?.maxBytes ?? 0
  return limit > 0 ? forecast(usesOf(samples), { nowMs, limit: fullShare * limit }) : undefined
}

/** Undefined: it is right, it has no limit, or there is no history. */
export function redisAdvice(
  samples: readonly MemorySample[],
  nowMs: number,
): Recommendation | undefined {
  const last = samples.at(-1)
  if (last === undefined || last.maxBytes === 0) return undefined
  const ahead = memoryForecast(samples, nowMs)
  const peak = Math.max(...samples.map(({ usedBytes }) => usedBytes))
  const later = ahead === undefined ? 0 : ahead.valueNow + (ahead.perHour * horizonMs) / hourMs
  const advised = Math.ceil(Math.max(peak, later) / goal / stepBytes) * stepBytes
  const spanMs = last.atMs - (samples[0]?.atMs ?? 0)
  const why = reasonOf({ last, ahead, peak, spanMs, advised })
  if (why === undefined) return undefined
  const now = last.maxBytes
  const curve = curveOf(samples, nowMs, ahead)
  return { subject: 'redisMemory', service: undefined, now, advised, unit: 'bytes', why, curve }
}

interface Use {
  readonly last: MemorySample
  readonly ahead: Forecast | undefined
  readonly peak: number
  readonly spanMs: number
  readonly advised: number
}

function reasonOf({ last, ahead, peak, spanMs, advised }: Use): string | undefined {
  const { usedBytes, maxBytes } = last
  const used = `${bytesText(usedBytes)} of ${bytesText(maxBytes)} are used`
  if (usedBytes > warned * maxBytes) {
    return `${used}, which is ${percentText(usedBytes / maxBytes)}; the goal is 70 %`
  }
  const toFull = ahead?.msToLimit
  if (toFull !== undefined && toFull < horizonMs) {
    return `${used}, and 90 % will be in ${hoursText(toFull)} if it goes on as it did`
  }
  const isWholeDay = spanMs >= 0.9 * dayMs
  if (!isWholeDay || peak >= idle * maxBytes || advised >= maxBytes) return undefined
  return `no more than ${bytesText(peak)} of ${bytesText(maxBytes)} were used in a day`
}

/** Hours from now, negative ones passed; at most some hundred points. */
function curveOf(
  samples: readonly MemorySample[],
  nowMs: number,
  ahead: Forecast | undefined,
): readonly CurvePoint[] {
  const every = Math.ceil(samples.length / curvePointsMax)
  const kept = samples.filter((_, at) => (samples.length - 1 - at) % every === 0)
  const past = kept.map(({ atMs, usedBytes }) => ({ x: (atMs - nowMs) / hourMs, y: usedBytes }))
  if (ahead === undefined) return past
  const hours = [12, 24, 36, 48, 60, 72]
  return [...past, ...hours.map((x) => ({ x, y: ahead.valueNow + ahead.perHour * x }))]
}

function usesOf(samples: readonly MemorySample[]): readonly Measured[] {
  return samples.map(({ atMs, usedBytes }) => ({ atMs, value: usedBytes }))
}
