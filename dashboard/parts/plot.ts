/** The drawing of a chart by uPlot, in the colours of the page; loaded when one is on screen. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { timeShort } from '../text/format.ts'
import type { ChartProps } from './chart.tsx'
import { lineStyle } from './line-style.ts'

const heightPx = 190
const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power)

export class Plot {
  readonly #place: HTMLElement
  readonly #resized: ResizeObserver
  readonly #onCursor: (index: number | undefined) => void
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)')
  readonly #themed: MutationObserver
  readonly #redraw = (): void => this.#draw()
  #props: ChartProps
  #plot: uPlot | undefined
  #pointed: number | undefined

  constructor(
    place: HTMLElement,
    props: ChartProps,
    onCursor: (index: number | undefined) => void,
  ) {
    this.#place = place
    this.#props = props
    this.#onCursor = onCursor
    this.#draw()
    this.#resized = new ResizeObserver(() => {
      this.#plot?.setSize({ width: place.clientWidth, height: heightPx })
    })
    this.#resized.observe(place)
    this.#scheme.addEventListener('change', this.#redraw)
    this.#themed = new MutationObserver(this.#redraw)
    this.#themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  show(props: ChartProps): void {
    const isSame = props.series.length === this.#props.series.length
    this.#props = props
    if (isSame) this.#plot?.setData(dataOf(props))
    else this.#draw()
  }

  /** Puts the cursor on a point of time. */
  point(index: number): void {
    const plot = this.#plot
    const at = plot?.data[0][index]
    if (plot === undefined || at === undefined) return
    plot.setCursor({ left: plot.valToPos(at, 'x'), top: heightPx / 3 })
  }

  close(): void {
    this.#resized.disconnect()
    this.#themed.disconnect()
    this.#scheme.removeEventListener('change', this.#redraw)
    this.#plot?.destroy()
  }

  #draw(): void {
    this.#plot?.destroy()
    this.#plot = new uPlot(this.#options(), dataOf(this.#props), this.#place)
  }

  #options(): uPlot.Options {
    const { series, kind, max, isBinary } = this.#props
    const colour = colours(this.#place)
    const isStack = kind === 'stack'
    const axis = {
      stroke: colour('--soft'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    }
    return {
      width: this.#place.clientWidth,
      height: heightPx,
      // On the right half a label of the time has room.
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { y: { range: (_, __, top) => [0, max ?? (top > 0 ? top * 1.08 : 1)] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          values: (_, ats) => ats.map((at) => timeShort(at * 1e3)),
        },
        {
          ...axis,
          ...(isBinary ? { incrs: powersOfTwo } : {}),
          size: 58,
          values: (_, ats) => ats.map((at) => labelOf(this.#props, at)),
        },
      ],
      series: [
        {},
        ...series.map((_, place) => {
          const style = lineStyle(place)
          const stroke = colour(style.colour)
          const dash = isStack ? [] : [...style.dash]
          const fill = isStack ? { fill: mixed(stroke, colour('--paper'), place) } : {}
          return { stroke, width: 1.5, dash, points: { show: false }, spanGaps: false, ...fill }
        }),
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx, left } }) => {
            const pointed = idx === null || idx === undefined || (left ?? -1) < 0 ? undefined : idx
            if (pointed === this.#pointed) return
            this.#pointed = pointed
            this.#onCursor(pointed)
          },
        ],
      },
    }
  }
}

/** In a stack each line is the sum of itself and those below it. */
function dataOf({ timesMs, series, kind }: ChartProps): uPlot.AlignedData {
  const times = timesMs.map((ms) => ms / 1000)
  const values = series.map((one) => [...one.values])
  if (kind !== 'stack') return [times, ...values]
  for (let row = values.length - 2; row >= 0; row -= 1) {
    const below = values[row + 1] ?? []
    values[row] = (values[row] ?? []).map((value, place) =>
      value === null ? null : value + (below[place] ?? 0),
    )
  }
  return [times, ...values]
}

/** The canvas knows nothing of custom properties: they are read off an element. */
function colours(place: HTMLElement): (name: string) => string {
  const probe = document.createElement('i')
  place.append(probe)
  const read = (name: string): string => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  queueMicrotask(() => probe.remove())
  return read
}

/** Areas are lighter than their edges, and the larger ones below the others the lightest. */
function mixed(colour: string, ground: string, place: number): string {
  return `color-mix(in srgb, ${colour} ${[16, 34, 50][place] ?? 50}%, ${ground})`
}

/** Between the lines of a grid no decimals are needed that say nothing. */
function labelOf({ format }: ChartProps, value: number): string {
  return format(value).replace(/\.0(?=\s)/, '')
}
