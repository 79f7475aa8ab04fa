/** The hit ratios of a trace as bars, by size and policy, in 80 columns. */
import type { Paint } from '../paint.ts'
import type { Cell } from './result.ts'
import type { Trace } from './trace.ts'

const columnsMax = 80
const barColumns = 48
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const colours = { lru: 'dim', own: 'green', opt: 'yellow' } as const

/** Cells of one size stand together. */
export function chartLines(
  { name, keys, keyCount }: Trace,
  cells: readonly Cell[],
  paint: Paint,
): readonly string[] {
  const counts = `${count(keys.length)} accesses, ${count(keyCount)} keys`
  const lines = [`${paint('bold', shortened(name, columnsMax - counts.length - 2))}  ${counts}`]
  let shown: number | undefined
  for (const { policy, fraction, capacity, hitRatio } of cells) {
    const size = `${percentText(fraction)} ${count(capacity).padStart(10)}`
    const head = fraction === shown ? ''.padStart(size.length) : size
    shown = fraction
    const bar = paint(colours[policy], barOf(hitRatio))
    lines.push(`${paint('dim', head)}  ${policy} ${points(hitRatio)}  ${bar}`)
  }
  return lines
}

/** To the columns there are. */
export function shortened(name: string, lengthMax: number): string {
  return name.length > lengthMax ? `${name.slice(0, lengthMax - 1)}…` : name
}

/** To an eighth of a column. */
export function barOf(ratio: number): string {
  const parts = Math.round(ratio * barColumns * 8)
  return '█'.repeat(parts >> 3) + (eighths[parts & 7] ?? '')
}

/** Of a ratio, in percent; five characters. */
export function points(ratio: number): string {
  return (ratio * 100).toFixed(1).padStart(5)
}

/** Of a size; seven characters where it is nothing unusual. */
export function percentText(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`.padStart(7)
}

/** With separators of thousands, whatever the locale of the machine. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
