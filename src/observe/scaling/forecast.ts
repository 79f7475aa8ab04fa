/**
 * When a measure that grows steadily meets its limit: a line through what was measured, by
 * least squares. Nothing is said of what is too short, or is not a line.
 */

export interface Measured {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly value: number
}

export interface Forecast {
  readonly perHour: number
  /** On the line. */
  readonly valueNow: number
  /** 0: it is there. Undefined: it does not grow. */
  readonly msToLimit: number | undefined
}

export const hourMs = 3_600_000
const pointsMin = 10
/** Of the variance, the part that a line has to explain to be called one. */
const explainedMin = 0.5

/** Undefined: less than an hour, fewer than ten points, or no line. */
export function forecast(
  points: readonly Measured[],
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Forecast | undefined {
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0)
  if (points.length < pointsMin || spanMs < hourMs) return undefined
  const { slope, valueNow, explained } = lineThrough(points, nowMs)
  if (explained < explainedMin) return undefined
  return { perHour: slope * hourMs, valueNow, msToLimit: msTo(limit, valueNow, slope) }
}

function msTo(limit: number, valueNow: number, slope: number): number | undefined {
  if (valueNow >= limit) return 0
  return slope > 0 ? (limit - valueNow) / slope : undefined
}

/** Times are taken from now, so that squares of them stay exact. */
function lineThrough(points: readonly Measured[], nowMs: number) {
  const count = points.length
  const [meanX, meanY] = [mean(points, (at) => at.atMs - nowMs), mean(points, (at) => at.value)]
  let [xx, xy, yy] = [0, 0, 0]
  for (const { atMs, value } of points) {
    const [x, y] = [atMs - nowMs - meanX, value - meanY]
    xx += x * x
    xy += x * y
    yy += y * y
  }
  const slope = xx > 0 ? xy / xx : 0
  // What never changes is a line, and a flat one.
  const explained = yy > 0 && count > 0 ? (slope * xy) / yy : 1
  return { slope, valueNow: meanY - slope * meanX, explained }
}

function mean(points: readonly Measured[], of: (point: Measured) => number): number {
  return points.reduce((sum, point) => sum + of(point), 0) / points.length
}
