/** Ratios of ours to a peer's around the line of one: to the left a win, to the right a loss. */

import { figureText } from './bar-chart.ts'
import type { Duel } from './duels.ts'
import { escaped } from './html.ts'

const rowHeight = 36
const barHeight = 8
const axisHeight = 26
/** The least that the axis spans to either side. */
const spanMin = 2

export function duelChart({ peer, comparisons }: Duel): string {
  const ratios = comparisons.map(({ ratio }) => Math.max(ratio, 1 / ratio))
  const span = Math.max(spanMin, ...ratios)
  const bottom = comparisons.length * rowHeight
  const rows = comparisons.map(({ title, ratio }, row) => {
    const top = row * rowHeight
    const isWin = ratio <= 1
    const length = (Math.abs(Math.log(ratio)) / Math.log(span)) * 50
    const x = isWin ? 50 - length : 50
    const kind = isWin ? 'won' : 'lost'
    const bar = `x="${x.toFixed(2)}%" width="${length.toFixed(2)}%" height="${barHeight}"`
    const middle = `x1="50%" x2="50%" y1="${top + 17}" y2="${top + 31}"`
    return `<text class="label" x="0" y="${top + 13}">${escaped(title)}</text>
<text class="told ${kind}" x="100%" y="${top + 13}" text-anchor="end">${ratioText(ratio)}</text>
<rect class="bar ${kind}" y="${top + 20}" ${bar} rx="2"/>
<line class="middle" ${middle}/>`
  })
  const label = `staleproof to ${peer}`
  const size = `width="100%" height="${bottom + axisHeight}"`
  return `<svg class="chart" role="img" aria-label="${escaped(label)}" ${size}>
${rows.join('\n')}
<text class="axis" x="0" y="${bottom + 16}">needs less</text>
<text class="axis" x="50%" y="${bottom + 16}" text-anchor="middle">as ${escaped(peer)}</text>
<text class="axis" x="100%" y="${bottom + 16}" text-anchor="end">needs more</text>
</svg>`
}

export function ratioText(ratio: number): string {
  return `${figureText(ratio)} ×`
}
