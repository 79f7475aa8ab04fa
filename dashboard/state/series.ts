/** What was recorded over a range of time, and sums over it. */
import type { SeriesAnswer } from 'staleproof/ops'
import { withQuery } from '../api/client.ts'
import { type Held, useAnswer } from './answer.ts'
import { startRange } from './preferences.ts'
import { route } from './route.ts'

export type Values = readonly (number | null)[]

export function useSeries(): Held<SeriesAnswer> {
  const range = route.value.query.range ?? startRange.value
  return useAnswer<SeriesAnswer>(withQuery('series', { range }))
}

/** Counts of a step as a rate. */
export function perSecondOf(values: Values, stepMs: number): Values {
  return values.map((value) => (value === null ? null : value / (stepMs / 1000)))
}

export function sumOf(values: Values): number | undefined {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
}

export function lastOf(values: Values): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined
}

export function maxOf(values: Values): number | undefined {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? undefined : Math.max(...known)
}
