/**
 * The first seconds after a restart with an empty Redis, without warming, with the pages that
 * are declared, and with those that were learned: in one process at the same time, so that what
 * disturbs one disturbs all.
 */
import { percentileOf } from '../statistics.ts'
import { barOf, type Study, type StudyResult } from '../study.ts'
import {
  type RestartFigures,
  restart,
  sourceMs,
  untilReadyMs,
  type Warming,
} from '../warming/restart.ts'

const readsPerSecond = 100
const readingMs = { full: 30_000, quick: 8_000 }
/** The documents: a popular page in less than that. */
const quickMs = 100
const warmings: readonly Warming[] = ['none', 'seeds', 'learned']

export const coldStart: Study = {
  name: 'cold-start',
  needsOwnRedis: false,
  async study({ redisUrl = '' }, isQuick) {
    const plan = { redisUrl, readsPerSecond, readingMs: isQuick ? readingMs.quick : readingMs.full }
    const run = async (warming: Warming) => ({ warming, ...(await restart({ ...plan, warming })) })
    return resultOf(await Promise.all(warmings.map(run)))
  },
}

type Measured = RestartFigures & { readonly warming: Warming }

function resultOf(measured: readonly Measured[]): StudyResult {
  const of = (warming: Warming): Measured => {
    const found = measured.find((one) => one.warming === warming)
    if (found === undefined) throw new Error(`${warming} was not measured`)
    return found
  }
  const [none, seeds, learned] = [of('none'), of('seeds'), of('learned')]
  return {
    title: 'The first seconds after a restart with an empty Redis',
    method:
      `a source of ${sourceMs} ms; ${readsPerSecond} reads a second of 40 pages by Zipf's law, ` +
      `from ${untilReadyMs / 1_000} s after the start; lives of 30 s`,
    columns: ['slow reads %', 'first read of the first page ms', 'p99 ms', 'loads', 'learning %'],
    plotted: 'slow reads %',
    rows: measured.map((one) => ({
      name: { none: 'without warming', seeds: 'declared pages', learned: 'learned pages' }[
        one.warming
      ],
      figures: [
        slowShareOf(one) * 100,
        one.firstReadMs,
        percentileOf(one.readMs, 0.99),
        one.loads,
        one.busyShare * 100,
      ],
    })),
    bars: [
      barOf('first read of the first page, ms', seeds.firstReadMs, quickMs),
      barOf('slow reads, learned to none', slowShareOf(learned) / slowShareOf(none), 0.2),
      barOf('loads, learned to none', learned.loads / none.loads, 1.5),
      barOf('share of a core that learning takes', learned.busyShare, 0.01),
    ],
  }
}

function slowShareOf({ readMs }: RestartFigures): number {
  return readMs.filter((ms) => ms >= quickMs).length / readMs.length
}
