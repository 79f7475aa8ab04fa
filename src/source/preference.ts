/**
 * Which source is relied on. The rules, in this order:
 *
 * 1. A better one that has been up for the return time is returned to.
 * 2. The one in use stays until it is given up or switched off.
 * 3. Then the next one behind it that is switched on takes its place.
 * 4. Behind the last there is nothing: it stays, or, switched off, the best one on does.
 *
 * So a source that comes and goes is not relied on again before it has stayed, whatever the
 * others do, and each change takes at least the fall time or the return time.
 */
import type { Health } from './health.ts'

export interface Ranking {
  /** The best source first. */
  readonly healths: readonly Health[]
  /** The place of the one in use. */
  readonly active: number | undefined
  readonly nowMs: number
  readonly returnMs: number
}

/** The place of the source to rely on; undefined: all are switched off. */
export function preferredPlace(ranking: Ranking): number | undefined {
  const { healths, active, nowMs } = ranking
  const place = active ?? -1
  const recovered = placeOf(healths, (health, at) => at < place && isWell(health, ranking))
  if (recovered !== undefined) return recovered
  const current = healths[place]
  const isOn = current !== undefined && current.is !== 'off'
  const isGivenUp = current?.is === 'down' && current.giveUpMs <= nowMs
  if (isOn && !isGivenUp) return place
  const next = placeOf(healths, (health, at) => at > place && health.is !== 'off')
  if (next !== undefined) return next
  return isOn ? place : placeOf(healths, (health) => health.is !== 'off')
}

/** When the answer may change although nothing happens; undefined: never. */
export function nextLookMs({ healths, active, nowMs, returnMs }: Ranking): number | undefined {
  const dues = healths.flatMap((health, place) => {
    if (health.is === 'down' && place === active) return health.giveUpMs
    const isBetter = active !== undefined && place < active
    return health.is === 'up' && isBetter ? health.sinceMs + returnMs : []
  })
  const coming = dues.filter((ms) => ms > nowMs)
  return coming.length === 0 ? undefined : Math.min(...coming)
}

function isWell(health: Health, { nowMs, returnMs }: Ranking): boolean {
  return health.is === 'up' && health.sinceMs + returnMs <= nowMs
}

function placeOf(
  healths: readonly Health[],
  isIt: (health: Health, place: number) => boolean,
): number | undefined {
  const place = healths.findIndex(isIt)
  return place < 0 ? undefined : place
}
