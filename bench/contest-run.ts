/**
 * Runs a contest: rounds of A B C A B C …, so that what disturbs the machine meets all
 * contestants alike, and judged by the CPU time of this process, which other processes
 * disturb less than the wall clock. A contestant that fails is named and leaves; the
 * others go on.
 */
import { type ContestResult, contestResult, type Round } from './contest-result.ts'
import type { Contest, Contestant } from './contestant.ts'
import { type Failure, reasonOf } from './failure.ts'
import type { Turn } from './statistics.ts'

export interface Pace {
  readonly rounds: number
  /** Rounds before those, for the engine to compile. */
  readonly warmUpRounds: number
  /** Part of the operations of each round. */
  readonly share: number
}

/** Rounds that one may spoil: a machine that stood still makes memory hits go to Redis. */
const spoiltRoundsMax = 5

export async function runContest(contest: Contest, pace: Pace): Promise<ContestResult> {
  const run = new ContestRun(contest, pace)
  try {
    await run.prepare()
    for (let round = 0; round < pace.warmUpRounds; round++) await run.playRound()
    const rounds: Round[] = []
    let repeatedRounds = 0
    while (rounds.length < pace.rounds) {
      const round = await run.playRound()
      if (round === undefined) repeatedRounds++
      else rounds.push(round)
    }
    return contestResult(contest, { rounds, repeatedRounds, failures: run.failures })
  } finally {
    for (const contestant of contest.contestants) await contestant.close()
  }
}

class ContestRun {
  readonly #contest: Contest
  readonly #pace: Pace
  readonly #standing: Set<Contestant>
  readonly #spoilt = new Map<Contestant, number>()
  readonly failures: Failure[] = []

  constructor(contest: Contest, pace: Pace) {
    this.#contest = contest
    this.#pace = pace
    this.#standing = new Set(contest.contestants)
  }

  async prepare(): Promise<void> {
    for (const contestant of [...this.#standing]) {
      try {
        await contestant.prepare()
      } catch (error) {
        this.#dismiss(contestant, reasonOf(error))
      }
    }
  }

  /** Undefined: somebody did not do what it was meant to do, so nobody's turn counts. */
  async playRound(): Promise<Round | undefined> {
    const round = new Map<string, Turn>()
    let isSpoilt = false
    for (const contestant of [...this.#standing]) {
      const operations = Math.max(1, Math.round(this.#operationsOf(contestant)))
      await settle()
      try {
        const turn = await takeTurn(contestant, operations)
        if (turn === undefined) this.#spoil(contestant)
        else round.set(contestant.name, turn)
        isSpoilt ||= turn === undefined
      } catch (error) {
        this.#dismiss(contestant, reasonOf(error))
      }
    }
    return isSpoilt ? undefined : round
  }

  #operationsOf({ share = 1 }: Contestant): number {
    return this.#contest.operations * share * this.#pace.share
  }

  #spoil(contestant: Contestant): void {
    const spoilt = (this.#spoilt.get(contestant) ?? 0) + 1
    this.#spoilt.set(contestant, spoilt)
    if (spoilt > spoiltRoundsMax) this.#dismiss(contestant, 'it did not do what it was meant to')
  }

  #dismiss(contestant: Contestant, reason: string): void {
    const { name } = contestant
    this.#standing.delete(contestant)
    this.failures.push({ name, reason })
    // Without it there is nothing to compare with.
    if (name === this.#contest.base) throw new Error(`${name}: ${reason}`)
  }
}

/** Undefined: some operation was not what it was meant to be. */
async function takeTurn(contestant: Contestant, operations: number): Promise<Turn | undefined> {
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  const good = await contestant.run(operations)
  const { user, system } = process.cpuUsage(cpuBefore)
  const wallMs = performance.now() - startedMs
  return good === operations ? { operations, cpuMicros: user + system, wallMs } : undefined
}

/** Lets sockets be read and timers run, so that nobody pays for what another left behind. */
async function settle(): Promise<void> {
  globalThis.gc?.({ type: 'minor' })
  await new Promise((resolve) => setTimeout(resolve, 2))
  await new Promise((resolve) => setImmediate(resolve))
}
