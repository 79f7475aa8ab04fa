/**
 * Runs a contest: rounds of A B C A B C …, so that what disturbs the machine meets all
 * contestants alike, and judged by the CPU time of this process, which other processes
 * disturb less than the wall clock.
 */
import type { Bar, Contest, Contestant } from './contestant.ts'
import {
  cpuMicrosPerOperation,
  operationsPerSecond,
  ratioOf,
  type Spread,
  spreadOf,
  type Turn,
} from './statistics.ts'

export interface Pace {
  readonly rounds: number
  /** Rounds before those, for the engine to compile. */
  readonly warmUpRounds: number
  /** Part of the operations of each round. */
  readonly share: number
}

export interface ContestantResult {
  readonly name: string
  readonly operationsPerRound: number
  readonly cpuMicros: Spread
  readonly operationsPerSecond: Spread
  /** To the base, in CPU within the same round. */
  readonly ratio: Spread
}

export interface BarResult extends Bar {
  readonly ratio: number
  readonly isReached: boolean
}

export interface ContestResult {
  readonly title: string
  readonly unit: string
  readonly base: string
  readonly rounds: number
  /** Begun anew because some operation was not what it was meant to be. */
  readonly repeatedRounds: number
  readonly contestants: readonly ContestantResult[]
  readonly bars: readonly BarResult[]
}

/** Rounds that may be spoilt: a machine that stood still makes memory hits go to Redis. */
const repeatedRoundsMax = 5

export async function runContest(contest: Contest, pace: Pace): Promise<ContestResult> {
  const { contestants } = contest
  try {
    for (const contestant of contestants) await contestant.prepare()
    for (let round = 0; round < pace.warmUpRounds; round++) await playRound(contest, pace)
    const rounds: (readonly Turn[])[] = []
    let repeated = 0
    while (rounds.length < pace.rounds) {
      const turns = await playRound(contest, pace)
      const spoilt = turns.findIndex(({ isGood }) => !isGood)
      if (spoilt < 0) rounds.push(turns)
      else if (++repeated > repeatedRoundsMax) {
        const name = contestants[spoilt]?.name
        throw new Error(`${contest.title}: ${name} did not do what it was meant to do`)
      }
    }
    return resultOf(contest, rounds, repeated)
  } finally {
    for (const contestant of contestants) await contestant.close()
  }
}

interface CheckedTurn extends Turn {
  readonly isGood: boolean
}

async function playRound(contest: Contest, pace: Pace): Promise<readonly CheckedTurn[]> {
  const turns: CheckedTurn[] = []
  for (const contestant of contest.contestants) {
    const operations = Math.max(1, Math.round(operationsOf(contest, contestant) * pace.share))
    await settle()
    turns.push(await takeTurn(contestant, operations))
  }
  return turns
}

async function takeTurn(contestant: Contestant, operations: number): Promise<CheckedTurn> {
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const good = await contestant.run(operations)
  const { user, system } = process.cpuUsage(cpuBefore)
  const wallMs = performance.now() - startedMs
  return { operations, cpuMicros: user + system, wallMs, isGood: good === operations }
}

/** Lets sockets be read and timers run, so that nobody pays for what another left behind. */
async function settle(): Promise<void> {
  globalThis.gc?.({ type: 'minor' })
  await new Promise((resolve) => setTimeout(resolve, 2))
  await new Promise((resolve) => setImmediate(resolve))
}

function operationsOf({ operations }: Contest, { share = 1 }: Contestant): number {
  return operations * share
}

function resultOf(
  contest: Contest,
  rounds: readonly (readonly Turn[])[],
  repeatedRounds: number,
): ContestResult {
  const { title, unit, base, contestants } = contest
  const turnsOf = (name: string): readonly Turn[] => {
    const place = contestants.findIndex((contestant) => contestant.name === name)
    return rounds.flatMap((turns) => turns[place] ?? [])
  }
  const results = contestants.map(({ name }): ContestantResult => {
    const turns = turnsOf(name)
    return {
      name,
      operationsPerRound: turns[0]?.operations ?? 0,
      cpuMicros: spreadOf(turns.map(cpuMicrosPerOperation)),
      operationsPerSecond: spreadOf(turns.map(operationsPerSecond)),
      ratio: ratioOf(turns, turnsOf(base)),
    }
  })
  const bars = contest.bars.map((bar): BarResult => {
    const ratio = ratioOf(turnsOf(bar.contestant), turnsOf(bar.against)).median
    return { ...bar, ratio, isReached: ratio <= bar.ratioMax }
  })
  return { title, unit, base, rounds: rounds.length, repeatedRounds, contestants: results, bars }
}
