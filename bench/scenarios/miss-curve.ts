/**
 * Miss-ratio curves of recorded accesses: how far the estimates are from the exact one, and
 * how far the exact one, which is that of LRU, is from what our memory really misses.
 */
import { meanOf } from '../statistics.ts'
import { barOf, type Study } from '../study.ts'
import { type Cell, type Curve, type Point, replayTraces } from '../traces/replay.ts'

const bars = { error: 0.02, sampledKeys: 8_192, toldShare: 0.01 }

export const missCurve: Study = {
  name: 'miss-curve',
  needsOwnRedis: false,
  async study() {
    const { curves = [], results } = await replayTraces('--curve')
    const worst = (figureOf: (curve: Curve) => number) => Math.max(...curves.map(figureOf))
    return {
      title: 'Miss-ratio curves: mean error over 40 sizes from a thousandth of the keys to all',
      method:
        'against exact stack distances; in use: from one hit in a hundred of a cache of a tenth ' +
        'of the keys; own policy: the sampled curve against what our memory misses at three sizes',
      columns: ['sampled keys', 'sampled', 'hits told', 'in use', 'own policy'],
      plotted: 'sampled',
      rows: curves.map((curve) => {
        const { trace, error, sampledKeys, toldShare } = curve
        const figures = [error.sampled, toldShare, error.inUse, policyError(curve, results)]
        return { name: trace, figures: [sampledKeys, ...figures.map(rounded)] }
      }),
      bars: [
        barOf('error of the sample, worst trace', worst(sampledErrorOf), bars.error),
        barOf(
          'keys sampled',
          worst(({ sampledKeys }) => sampledKeys),
          bars.sampledKeys,
        ),
        barOf(
          'hits that reach the estimate',
          worst(({ toldShare }) => toldShare),
          bars.toldShare,
        ),
      ],
    }
  },
}

function sampledErrorOf({ error }: Curve): number {
  return error.sampled
}

function policyError({ trace, points }: Curve, cells: readonly Cell[]): number {
  const own = cells.filter((cell) => cell.trace === trace && cell.policy === 'own')
  return meanOf(
    own.map(({ capacity, hitRatio }) => {
      return Math.abs(nearest(points, capacity).sampled - (1 - hitRatio))
    }),
  )
}

function nearest(points: readonly Point[], entries: number): Point {
  const [first, ...rest] = points
  if (first === undefined) throw new Error('expected a curve with points')
  const distance = (point: Point) => Math.abs(Math.log(point.entries / entries))
  return rest.reduce((best, point) => (distance(point) < distance(best) ? point : best), first)
}

function rounded(figure: number): number {
  return Number(figure.toFixed(4))
}
