/**
 * Durations as people write them: `'30s'`, `'1.5h'`, or a number of milliseconds.
 * Converted once, at the edge; inside everything is a number of milliseconds.
 */

export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

/** What error messages say was expected. */
export const DURATION_EXPECTED = "a duration such as '30s', '1.5h' or 1500 (milliseconds)"

const FORM = /^(\d{1,12}(?:\.\d{1,12})?)(ms|s|m|h|d)$/
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])
/** Ten years: beyond it a duration is a mistake. */
const DURATION_MAX_MS = 3_653 * 86_400_000

/** Whole milliseconds, at least 1; undefined: not a duration, zero, negative or endless. */
export function parseDuration(input: unknown): number | undefined {
  const ms = typeof input === 'string' ? msOfText(input) : input
  if (typeof ms !== 'number' || !Number.isFinite(ms)) return undefined
  const rounded = Math.round(ms)
  return rounded >= 1 && rounded <= DURATION_MAX_MS ? rounded : undefined
}

function msOfText(text: string): number | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const unitMs = UNIT_MS.get(match[2] ?? '')
  return unitMs === undefined ? undefined : Number(match[1]) * unitMs
}
