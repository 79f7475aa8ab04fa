/** Single numbers: each carries its exact value, and an estimate says that it is one. */
import type { ComponentChildren, JSX } from 'preact'
import { breakable, isLong } from '../text/breaks.ts'
import { count, exact, unknown } from '../text/format.ts'
import { shortened } from '../text/visible.ts'

interface NumProps {
  readonly of: number | null | undefined
  readonly as?: (n: number) => string
  /** From a sample: `~` stands in front. */
  readonly isEstimate?: boolean | undefined
  /** For tests and readers of the page's text: what it is. */
  readonly name?: string | undefined
}

export function Num({ of, as = count, isEstimate = false, name }: NumProps): JSX.Element {
  if (of === undefined || of === null) {
    return (
      <span class="unknown" data-name={name} title="not known">
        {unknown}
      </span>
    )
  }
  const shown = as(of)
  const title = as === count && shown !== exact(of) ? exact(of) : undefined
  return (
    <data value={String(of)} data-name={name} title={title}>
      {isEstimate && <span title="estimated from a sample">~</span>}
      {shown}
    </data>
  )
}

/** A key, a pattern, a command: whoever wrote it, it is only text. */
export function Mono({ text, max }: { text: string; max?: number }): JSX.Element {
  return (
    <bdi class="mono" dir="ltr">
      <Broken text={shortened(text, max)} />
    </bdi>
  )
}

/** The same in the letters of the page. */
export function Plain({ text, max }: { text: string; max?: number }): JSX.Element {
  return (
    <bdi class="any">
      <Broken text={shortened(text, max)} />
    </bdi>
  )
}

function Broken({ text }: { text: string }): JSX.Element {
  return (
    <>
      {breakable(text).map((piece, place) => [
        place > 0 && <wbr />,
        isLong(piece) ? <span class="run">{piece}</span> : piece,
      ])}
    </>
  )
}

interface MeterProps {
  readonly label: string
  /** From 0 to 1. */
  readonly share: number | undefined
  readonly marks?: readonly number[]
}

/** How full something is, with marks where it becomes a matter of concern. */
export function Meter({ label, share, marks = [] }: MeterProps): JSX.Element {
  const width = `${Math.min(Math.max(share ?? 0, 0), 1) * 100}%`
  const passed = marks.filter((mark) => (share ?? 0) >= mark).length
  const level = passed === 0 ? 'ok' : passed < marks.length ? 'warn' : 'crit'
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element can't show marks.
    <div
      class={`meter meter-${level}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((share ?? 0) * 100)}
      aria-valuetext={share === undefined ? 'not known' : `${Math.round(share * 100)} %`}
    >
      <span class="meter-bar" style={{ width }} />
      {marks.map((mark) => (
        <span key={mark} class="meter-mark" style={{ left: `${mark * 100}%` }} />
      ))}
    </div>
  )
}

interface FigureProps {
  readonly label: string
  readonly children: ComponentChildren
  readonly note?: ComponentChildren
  readonly below?: ComponentChildren
  readonly href?: string
}

/** A large number with its name above and its context below. */
export function Figure({ label, children, note, below, href }: FigureProps): JSX.Element {
  return (
    <div class="figure">
      <dt>{href === undefined ? label : <a href={href}>{label}</a>}</dt>
      <dd>
        <span class="figure-value">{children}</span>
        {note !== undefined && <span class="figure-note">{note}</span>}
        {below !== undefined && <span class="figure-below">{below}</span>}
      </dd>
    </div>
  )
}
