/**
 * Horizontal bars as an inline SVG. Places along the axis are percentages and texts have a
 * fixed size, so the same picture fits a phone and a wide screen; each label stands above
 * its bar, where it has the whole width. Colours come from the style of the page.
 */
import type { Spread } from '../statistics.ts'
import { shortNumber } from '../table.ts'
import { escaped } from './html.ts'
import { type Scale, scaleOf } from './scale.ts'

export type Kind = 'ours' | 'peer' | 'floor'

export interface ChartBar {
  readonly label: string
  readonly kind: Kind
  /** Undefined: there is nothing to draw, only to say. */
  readonly figure: number | undefined
  /** To the right of the label. */
  readonly told: string
  /** Behind that, where there is room. */
  readonly remark?: string
  /** A whisker from the least to the most. */
  readonly spread?: Spread
}

export interface Chart {
  readonly title: string
  /** What the axis counts. */
  readonly unit: string
  readonly bars: readonly ChartBar[]
}

const rowHeight = 40
const barHeight = 10
const barTop = 20
const axisHeight = 40

export function barChart({ title, unit, bars }: Chart): string {
  const figures = bars.flatMap(({ figure }) => figure ?? [])
  if (figures.length === 0) return ''
  const whiskers = bars.flatMap(({ spread }) => (spread === undefined ? [] : [spread.max]))
  const scale = scaleOf([...figures, ...whiskers])
  const bottom = bars.length * rowHeight
  const grid = gridOf(scale, bottom)
  const rows = bars.map((bar, row) => rowOf(bar, row * rowHeight, scale)).join('\n')
  const note = scale.isLogarithmic ? `${unit}, logarithmic` : unit
  const place = `x="100%" y="${bottom + 34}" text-anchor="end"`
  const name = `<text class="axis" ${place}>${escaped(note)}</text>`
  const size = `width="100%" height="${bottom + axisHeight}"`
  return `<svg class="chart" role="img" aria-label="${escaped(title)}" ${size}>
${grid}
${rows}
${name}
</svg>`
}

function gridOf({ ticks }: Scale, bottom: number): string {
  return ticks
    .map(({ value, percent }) => {
      const x = percentText(percent)
      const anchor = percent < 1 ? 'start' : percent > 96 ? 'end' : 'middle'
      const line = `<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${bottom}"/>`
      const label = escaped(tickText(value))
      const at = `x="${x}" y="${bottom + 16}" text-anchor="${anchor}"`
      return `${line}<text class="axis" ${at}>${label}</text>`
    })
    .join('\n')
}

function rowOf(bar: ChartBar, top: number, scale: Scale): string {
  const { label, kind, figure, told, remark = '', spread } = bar
  const y = top + barTop
  const right = `x="100%" y="${top + 14}" text-anchor="end"`
  const behind = remark === '' ? '' : `<tspan class="remark"> · ${escaped(remark)}</tspan>`
  const texts = [
    `<text class="label ${kind}" x="0" y="${top + 14}">${escaped(label)}</text>`,
    `<text class="told ${kind}" ${right}>${escaped(told)}${behind}</text>`,
  ]
  if (figure === undefined) return texts.join('')
  const size = `width="${percentText(scale.percentOf(figure))}" height="${barHeight}"`
  const shape = `<rect class="bar ${kind}" x="0" y="${y}" ${size} rx="2"/>`
  return [...texts, shape, spread === undefined ? '' : whiskerOf(spread, y, scale)].join('')
}

function whiskerOf({ min, max }: Spread, top: number, scale: Scale): string {
  const [left, right] = [min, max].map((value) => percentText(scale.percentOf(value)))
  const middle = top + barHeight / 2
  const ends = [left, right].map(
    (x) => `<line class="whisker" x1="${x}" x2="${x}" y1="${middle - 3}" y2="${middle + 3}"/>`,
  )
  const line = `<line class="whisker" x1="${left}" x2="${right}" y1="${middle}" y2="${middle}"/>`
  return [line, ...ends].join('')
}

function tickText(value: number): string {
  return value >= 1_000 ? value.toLocaleString('en-US') : String(value)
}

function percentText(percent: number): string {
  return `${Number(percent.toFixed(2))}%`
}

export function figureText(figure: number): string {
  return figure >= 1_000 ? Math.round(figure).toLocaleString('en-US') : shortNumber(figure)
}
