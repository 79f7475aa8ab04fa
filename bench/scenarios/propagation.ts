/**
 * How long another process serves what was invalidated, beside every peer that has a bus.
 * Rounds are interleaved, sample by sample; the figures are medians over the rounds.
 */
import { randomUUID } from 'node:crypto'
import { ourMessengers, peerMessengers } from '../libraries/index.ts'
import { messengers } from '../propagation/messengers.ts'
import { Race, type Sample } from '../propagation/race.ts'
import { medianOf, percentileOf } from '../statistics.ts'
import { barOf, type Study, type StudyResult, type StudyRow } from '../study.ts'

const full = { rounds: 15, samples: 100 }
const quick = { rounds: 3, samples: 40 }

interface Measured {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly oldAfterReturn: number
  readonly count: number
}

export const propagation: Study = {
  name: 'propagation',
  needsOwnRedis: false,
  async study({ redisUrl = '', peers }, isQuick) {
    const race = await Race.open(redisUrl, `propagation-${randomUUID()}`, peers)
    try {
      return resultOf(await measure(race, isQuick ? quick : full))
    } finally {
      await race.close()
    }
  },
}

async function measure(
  race: Race,
  { rounds, samples }: typeof full,
): Promise<ReadonlyMap<string, Measured>> {
  // The first ones pay for compiling and connecting.
  for (let turn = 0; turn < 10; turn++) for (const { name } of messengers) await race.sample(name)
  const byPair = new Map<string, Sample[][]>(messengers.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const all of byPair.values()) all.push([])
    for (let sample = 0; sample < samples; sample++) {
      for (const [name, all] of byPair) all.at(-1)?.push(await race.sample(name))
    }
  }
  return new Map([...byPair].map(([name, all]) => [name, measuredOf(all)]))
}

function measuredOf(rounds: readonly (readonly Sample[])[]): Measured {
  const lags = rounds.map((samples) => samples.map(({ lagMs }) => lagMs))
  const all = rounds.flat()
  return {
    p50Ms: medianOf(lags.map((round) => percentileOf(round, 0.5))),
    p99Ms: medianOf(lags.map((round) => percentileOf(round, 0.99))),
    maxMs: Math.max(...lags.flat()),
    oldAfterReturn: all.filter(({ isOldAfterReturn }) => isOldAfterReturn).length,
    count: all.length,
  }
}

function resultOf(measured: ReadonlyMap<string, Measured>): StudyResult {
  const rows = [...measured].map(([name, { p50Ms, p99Ms, maxMs, oldAfterReturn, count }]) => {
    const share = `${oldAfterReturn} of ${count}`
    return { name, figures: [p50Ms, p99Ms, maxMs, share] } satisfies StudyRow
  })
  const [plain, barrier] = ourMessengers.map(({ name }) => measured.get(name))
  const others = peerMessengers.flatMap(({ name }) => measured.get(name) ?? [])
  if (plain === undefined || barrier === undefined) throw new Error('expected our own figures')
  const bestP50Ms = Math.min(...others.map(({ p50Ms }) => p50Ms))
  const bestP99Ms = Math.min(...others.map(({ p99Ms }) => p99Ms))
  return {
    title: 'Invalidation reaches another process',
    method: 'one process calls, another reads all the time; medians of interleaved rounds',
    columns: ['p50 ms', 'p99 ms', 'max ms', 'old after the call returned'],
    plotted: 'p50 ms',
    rows,
    bars: [
      barOf('p50 to the best of the peers', plain.p50Ms / bestP50Ms, 1.25),
      barOf('p99 to the best of the peers', plain.p99Ms / bestP99Ms, 1.5),
      barOf('old values after a barrier returned', barrier.oldAfterReturn, 0),
    ],
  }
}
