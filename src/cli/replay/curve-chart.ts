/** A miss-ratio curve as bars, in 80 columns: how long each is, and what the estimates say. */
import type { Paint } from '../paint.ts'
import { count, points } from './chart.ts'
import type { TraceCurve } from './curve.ts'

const barColumns = 40
/** Every so many points are shown. */
const shownEach = 3

export function curveLines(
  { error, sampledKeys, toldShare, points: all }: TraceCurve,
  paint: Paint,
): readonly string[] {
  const shown = all.filter((_, at) => (all.length - 1 - at) % shownEach === 0)
  const rows = shown.map(({ entries, exact, sampled, inUse }) => {
    const figures = `${points(exact)}   ${points(sampled)}   ${points(inUse)}`
    const bar = paint('yellow', '█'.repeat(Math.round(exact * barColumns)))
    return `${paint('dim', count(entries).padStart(12))}   ${figures}  ${bar}`
  })
  const told = points(toldShare).trim()
  return [
    paint('dim', '     entries   exact  sampled   in use  misses in percent, lru'),
    ...rows,
    `  mean error of the sample of ${count(sampledKeys)} keys: ${error.sampled.toFixed(4)}`,
    `  mean error in use, from ${told} % of all hits: ${error.inUse.toFixed(4)}`,
  ]
}
