/**
 * A chart is four things: a heading, a sentence that says what it shows, the drawing, and a
 * table of the same numbers. The drawing comes later than the page and is never needed.
 */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { lastOf, type Values } from '../state/series.ts'
import { timeShort, unknown } from '../text/format.ts'
import { Icon } from './icon.tsx'
import { lineStyle } from './line-style.ts'
import { Panel } from './panel.tsx'
import type { Plot } from './plot.ts'

export interface Series {
  readonly name: string
  readonly values: Values
}

export interface ChartProps {
  readonly title: string
  readonly summary: string
  readonly timesMs: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number | null | undefined) => string
  /** `stack`: parts of a whole. */
  readonly kind?: 'line' | 'stack'
  readonly max?: number
  /** Bytes: the grid goes by powers of two. */
  readonly isBinary?: boolean
}

const tableRowsMax = 60

export function Chart(props: ChartProps): JSX.Element {
  const [isTable, setTable] = useState(false)
  const toggle = (
    <button
      type="button"
      class="button-quiet"
      aria-pressed={isTable}
      onClick={() => setTable(!isTable)}
    >
      <Icon name={isTable ? 'chart' : 'table'} /> {isTable ? 'Chart' : 'Table'}
    </button>
  )
  const known = props.series.some(({ values }) => values.some((value) => value !== null))
  return (
    <Panel
      title={props.title}
      note={known ? props.summary : undefined}
      actions={known ? toggle : undefined}
    >
      {!known && <p class="chart-empty">Nothing was recorded in this range yet.</p>}
      {known &&
        (isTable ? (
          <ChartTable {...props} />
        ) : (
          <Drawing {...props} onMissing={() => setTable(true)} />
        ))}
    </Panel>
  )
}

interface DrawingProps extends ChartProps {
  /** The code that draws can't be had; the numbers can. */
  readonly onMissing: () => void
}

function Drawing(props: DrawingProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | undefined>(undefined)
  const latest = useRef(props)
  latest.current = props
  const [cursor, setCursor] = useState<number>()
  useEffect(() => {
    let isGone = false
    import('./plot.ts').then(
      ({ Plot }) => {
        if (isGone || place.current === null) return
        plot.current = new Plot(place.current, latest.current, setCursor)
      },
      () => isGone || latest.current.onMissing(),
    )
    return () => {
      isGone = true
      plot.current?.close()
      plot.current = undefined
    }
  }, [])
  useEffect(() => plot.current?.show(props), [props])
  const last = props.timesMs.length - 1
  return (
    // The arrow keys move a cursor through the drawing; its values are said below it.
    <div
      class="chart"
      role="application"
      aria-roledescription="chart"
      aria-label={`${props.title}: arrow keys read its values`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it answers to the arrow keys.
      tabIndex={0}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
        if (step === 0) return
        event.preventDefault()
        plot.current?.point(Math.min(Math.max((cursor ?? last + 1) + step, 0), last))
      }}
    >
      <div class="chart-place" ref={place} />
      <Legend {...props} index={cursor} />
    </div>
  )
}

/** Of the point of time that the cursor is on, else the newest that is known of each. */
function Legend({ series, timesMs, format, index }: ChartProps & { index: number | undefined }) {
  const valueIn = (values: Values) => (index === undefined ? lastOf(values) : values[index])
  return (
    <p class="legend" aria-live={index === undefined ? 'off' : 'polite'}>
      {series.map(({ name, values }, place) => (
        <span key={name} class="legend-item">
          <Swatch place={place} />
          {name} <strong>{format(valueIn(values))}</strong>
        </span>
      ))}
      <span class="legend-time">{index === undefined ? 'latest' : timeShort(timesMs[index])}</span>
    </p>
  )
}

function Swatch({ place }: { place: number }): JSX.Element {
  const { colour, dash } = lineStyle(place)
  return (
    <svg class="swatch" viewBox="0 0 16 3" aria-hidden="true">
      <line
        x2="16"
        y1="1.5"
        y2="1.5"
        stroke-dasharray={dash.join(' ')}
        style={{ stroke: `var(${colour})` }}
      />
    </svg>
  )
}

/** The newest first; no more than can be read. */
function ChartTable({ title, series, timesMs, format }: ChartProps): JSX.Element {
  const places = timesMs.map((_, place) => place).slice(-tableRowsMax)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable.
    <section class="scroll" tabIndex={0} aria-label={`${title}, as a table`}>
      <table class="table table-numbers">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.reverse().map((place) => (
            <tr key={place}>
              <th scope="row">{timeShort(timesMs[place]) || unknown}</th>
              {series.map(({ name, values }) => (
                <td key={name} class="number">
                  {format(values[place])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
