/** A line without axes beside its number: the number is what is read, the line is its past. */
import type { JSX } from 'preact'

const width = 100
const height = 28
const inset = 2
/** Of the value: smaller changes than this are not blown up. */
const leastShare = 0.1

interface SparklineProps {
  readonly values: readonly (number | null | undefined)[]
  /** The least difference that fills the height: what hardly moves is drawn as such. */
  readonly leastSpan?: number
  /** A goal, drawn as a dotted line. */
  readonly goal?: number | undefined
}

export function Sparkline({ values, leastSpan = 0, goal }: SparklineProps): JSX.Element {
  const known = values.filter((value) => typeof value === 'number')
  if (known.length < 2) return <span class="sparkline sparkline-empty" aria-hidden="true" />
  const { low, high } = rangeOf(goal === undefined ? known : [...known, goal], leastSpan)
  const y = (value: number): number =>
    height - inset - ((value - low) / (high - low)) * (height - 2 * inset)
  const line = pathOf(values, y)
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      {goal !== undefined && (
        <line class="sparkline-goal" x1="0" x2={width} y1={y(goal)} y2={y(goal)} />
      )}
      <path class="sparkline-line" d={line} />
    </svg>
  )
}

function rangeOf(values: readonly number[], leastSpan: number) {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const span = Math.max(most - least, leastSpan, (Math.abs(most) || 1) * leastShare)
  const low = Math.max((least + most - span) / 2, Math.min(least, 0))
  return { low, high: low + span }
}

/** Breaks where nobody counted. */
function pathOf(values: SparklineProps['values'], y: (value: number) => number): string {
  const step = (width - 2 * inset) / Math.max(values.length - 1, 1)
  let isDown = false
  let path = ''
  values.forEach((value, index) => {
    if (typeof value !== 'number') {
      isDown = false
      return
    }
    path += `${isDown ? 'L' : 'M'}${(inset + index * step).toFixed(1)} ${y(value).toFixed(1)}`
    isDown = true
  })
  return path
}
