/** From figures to places along an axis, in percent of its width. */

export interface Tick {
  readonly value: number
  readonly percent: number
}

export interface Scale {
  readonly isLogarithmic: boolean
  readonly ticks: readonly Tick[]
  percentOf(value: number): number
}

/** Figures farther apart than this would leave the small ones without a bar. */
const linearRatioMax = 25
/** Powers of ten that are told on an axis. */
const ticksMax = 5

/** Of figures from zero up. Logarithmic where they lie far apart, and none is zero. */
export function scaleOf(figures: readonly number[]): Scale {
  const most = Math.max(...figures)
  const least = Math.min(...figures)
  if (least > 0 && most / least > linearRatioMax) return logarithmic(least, most)
  return linear(most > 0 ? most : 1)
}

function linear(most: number): Scale {
  const step = stepFor(most)
  const end = Math.ceil(most / step) * step
  const percentOf = (value: number) => (value / end) * 100
  const count = Math.round(end / step)
  const values = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)))
  const ticks = values.map((value) => ({ value, percent: percentOf(value) }))
  return { isLogarithmic: false, ticks, percentOf }
}

/** 1, 2 or 5 times a power of ten, so that there are two to five steps. */
function stepFor(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const leading = most / power
  return power * (leading <= 1 ? 0.5 : leading <= 2 ? 1 : leading <= 5 ? 2 : 5)
}

/** The axis begins at a power of ten below the least figure, so that each has a bar. */
function logarithmic(least: number, most: number): Scale {
  const first = Math.ceil(Math.log10(least) - 0.15) - 1
  const last = Math.log10(most)
  const percentOf = (value: number) =>
    value <= 0 ? 0 : Math.max(0, ((Math.log10(value) - first) / (last - first)) * 100)
  const powers = Math.floor(last) - first + 1
  const stride = Math.ceil(powers / ticksMax)
  const ticks: Tick[] = []
  for (let power = first; power <= last; power += stride) {
    const value = Number((10 ** power).toPrecision(6))
    ticks.push({ value, percent: percentOf(value) })
  }
  return { isLogarithmic: true, ticks, percentOf }
}
