/** Shares of a whole as bars under one another: name, bar, number. */
import type { JSX } from 'preact'
import { percent } from '../text/format.ts'
import { Mono, Num } from './figures.tsx'

interface BarsProps {
  readonly label: string
  readonly bars: readonly {
    readonly name: string
    readonly value: number
    readonly href?: string
  }[]
  readonly as?: (n: number) => string
  readonly isEstimate?: boolean
}

export function Bars({ label, bars, as, isEstimate = false }: BarsProps): JSX.Element {
  const sum = bars.reduce((total, { value }) => total + value, 0)
  const most = Math.max(...bars.map(({ value }) => value), 1e-9)
  const format = as === undefined ? {} : { as }
  return (
    <ul class="bars" aria-label={label}>
      {bars.map(({ name, value, href }) => (
        <li key={name}>
          <span class="bar-name">
            {href === undefined ? (
              <Mono text={name} max={90} />
            ) : (
              <a href={href}>
                <Mono text={name} max={90} />
              </a>
            )}
          </span>
          <span class="bar-track" aria-hidden="true">
            {value > 0 && <span class="bar-fill" style={{ width: `${(value / most) * 100}%` }} />}
          </span>
          <span class="bar-value">
            <Num of={value} isEstimate={isEstimate} {...format} />
          </span>
          <span class="bar-share soft">{sum === 0 ? '' : percent(value / sum)}</span>
        </li>
      ))}
    </ul>
  )
}
