/** All cells of a replay in one table, with what was gained and what is left. */
import type { Paint } from '../paint.ts'
import { columns } from '../table.ts'
import { percentText, points, shortened } from './chart.ts'
import type { Policy } from './policies.ts'
import type { Cell } from './result.ts'

const nameColumns = 28
/** Of a hit ratio: what would be shown as 0.0 is none. */
const noticed = 0.0005

interface Comparison {
  readonly trace: string
  readonly fraction: number
  readonly ratios: Readonly<Record<Policy, number>>
}

export function summaryLines(cells: readonly Cell[], paint: Paint): readonly string[] {
  const comparisons = comparisonsOf(cells)
  const head = ['hit ratio in percent', '  size', '  lru', '  own', '  opt', '  own-lru', 'opt-own']
  const rows = comparisons.map((each) => rowOf(each, paint))
  const means = { lru: mean('lru'), own: mean('own'), opt: mean('opt') }
  const average = rowOf({ trace: 'mean', fraction: Number.NaN, ratios: means }, paint)
  return columns([head, ...rows, average], paint)

  function mean(policy: Policy): number {
    let sum = 0
    for (const { ratios } of comparisons) sum += ratios[policy]
    return sum / comparisons.length
  }
}

function comparisonsOf(cells: readonly Cell[]): readonly Comparison[] {
  const found: { trace: string; fraction: number; ratios: Record<Policy, number> }[] = []
  for (const { trace, fraction, policy, hitRatio } of cells) {
    const last = found.at(-1)
    if (policy !== 'lru' && last !== undefined) last.ratios[policy] = hitRatio
    else found.push({ trace, fraction, ratios: { lru: hitRatio, own: 0, opt: 0 } })
  }
  return found
}

function rowOf({ trace, fraction, ratios }: Comparison, paint: Paint): readonly string[] {
  const { lru, own, opt } = ratios
  const name = shortened(trace, nameColumns)
  const size = Number.isNaN(fraction) ? ''.padStart(7) : percentText(fraction)
  return [
    name,
    size,
    points(lru),
    points(own),
    points(opt),
    gain(own - lru, paint),
    points(opt - own),
  ]
}

/** In points, nine characters. */
export function gain(difference: number, paint: Paint): string {
  if (Math.abs(difference) < noticed) return points(0).padStart(9)
  const text = `${difference < 0 ? '-' : '+'}${(Math.abs(difference) * 100).toFixed(1)}`.padStart(9)
  return paint(difference > 0 ? 'green' : 'red', text)
}
