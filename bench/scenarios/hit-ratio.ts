/** Hit ratios on recorded accesses: our memory beside plain LRU and beside the optimum. */
import { meanOf } from '../statistics.ts'
import { barOf, type Study, type StudyRow } from '../study.ts'
import { type Cell, replayTraces } from '../traces/replay.ts'

/** In points of the hit ratio. */
const bars = { gain: 2.5, worst: 1.5, gap: 9.8 }

export const hitRatio: Study = {
  name: 'hit-ratio',
  needsOwnRedis: false,
  async study() {
    const { results } = await replayTraces()
    const sizes = sizesOf(results)
    const mean = (difference: (size: Size) => number) => meanOf(sizes.map(difference))
    const behind = sizes.map(({ lru, own }) => lru - own)
    return {
      title: 'Hit ratio by trace and size of the cache, in percent',
      method: `every access a read that fills; the mean gap to the optimum is what is left to gain`,
      columns: ['entries', 'lru', 'own', 'optimum', 'own − lru', 'optimum − own'],
      plotted: 'own',
      rows: sizes.map(rowOf),
      bars: [
        barOf(
          'mean by which lru is ahead, in points',
          mean(({ lru, own }) => lru - own),
          -bars.gain,
        ),
        barOf('worst cell by which lru is ahead, in points', Math.max(...behind), bars.worst),
        barOf(
          'mean gap to the optimum, in points',
          mean(({ own, opt }) => opt - own),
          bars.gap,
        ),
      ],
    }
  },
}

/** One trace and one capacity, in percent. */
interface Size {
  readonly name: string
  readonly capacity: number
  readonly lru: number
  readonly own: number
  readonly opt: number
}

function sizesOf(cells: readonly Cell[]): readonly Size[] {
  return cells
    .filter(({ policy }) => policy === 'own')
    .map(({ trace, fraction, capacity }) => {
      const percentOf = (policy: Cell['policy']) => {
        const found = cells.find((cell) => {
          return cell.trace === trace && cell.fraction === fraction && cell.policy === policy
        })
        if (found === undefined) throw new Error(`${trace} was not replayed against ${policy}`)
        return found.hitRatio * 100
      }
      const ratios = { lru: percentOf('lru'), own: percentOf('own'), opt: percentOf('opt') }
      return { name: `${trace} ${fraction * 100} %`, capacity, ...ratios }
    })
}

function rowOf({ name, capacity, lru, own, opt }: Size): StudyRow {
  const figures = [lru, own, opt, own - lru, opt - own].map((figure) => Number(figure.toFixed(1)))
  return { name, figures: [capacity, ...figures] }
}
