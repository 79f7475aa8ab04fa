/**
 * How large the memory of a service's processes should be. Twice the bytes must gain a point
 * of the hit ratio, or they are better spent elsewhere: of the sizes on the curve, the best is
 * the one that hits most after a point is taken off for each doubling. A curve that is flat
 * before it rises is seen through by that.
 *
 * There is a curve where `memory.sizing` is on, and while room is short: as long as everything
 * fits, nothing is advised.
 */
import type { SizingStats } from '../../core/contracts/memory.ts'
import type { ProcessFacts } from '../process-facts.ts'
import type { Recommendation } from './recommendation.ts'
import { bytesText, percentText } from './words.ts'

/** Of the hit ratio, for twice the bytes. */
const gainMin = 0.01

interface Point {
  /** Of what there is now. */
  readonly times: number
  readonly hitRatio: number
}

/** Of one service; undefined: it is right, or too little is known. */
export function memoryAdvice(
  service: string,
  processes: readonly ProcessFacts[],
): Recommendation | undefined {
  const curve = meanCurve(processes.flatMap(({ stats }) => stats.memory.sizing ?? []))
  const best = curve.toSorted((one, other) => worthOf(other) - worthOf(one))[0]
  const here = curve.find(({ times }) => Math.abs(times - 1) < 0.01)
  if (best === undefined || here === undefined || best === here) return undefined
  const now = Math.max(...processes.map(({ stats }) => stats.memory.bytesMax))
  const advised = Math.round(now * best.times)
  return {
    subject: 'l1',
    service,
    now,
    advised,
    unit: 'bytes',
    why:
      `a memory of ${bytesText(advised)} in each process would hit ` +
      `${percentText(best.hitRatio)} of its reads; ${bytesText(now)} hit ` +
      `${percentText(here.hitRatio)}`,
    curve: curve.map(({ times, hitRatio }) => ({ x: Math.round(now * times), y: hitRatio })),
  }
}

function worthOf({ times, hitRatio }: Point): number {
  return hitRatio - gainMin * Math.log2(times)
}

/** Processes of one service see the same kind of reads; all curves have the same steps. */
function meanCurve(sizings: readonly SizingStats[]): readonly Point[] {
  const curves = sizings.map(pointsOf).filter((curve) => curve.length > 0)
  const [first = []] = curves
  return first.map(({ times }, at) => {
    const sum = curves.reduce((sum, curve) => sum + (curve[at]?.hitRatio ?? 0), 0)
    return { times, hitRatio: sum / curves.length }
  })
}

function pointsOf({ curve, families }: SizingStats): readonly Point[] {
  const judged = Object.values(families).reduce((sum, { bytes }) => sum + bytes, 0)
  if (judged === 0) return []
  return curve.map(({ bytes, hitRatio }) => ({ times: bytes / judged, hitRatio }))
}
