/** What the rounds of a contest come to. */
import type { Bar, Contest } from './contestant.ts'
import type { Failure } from './failure.ts'
import {
  cpuMicrosPerOperation,
  operationsPerSecond,
  ratioOf,
  type Spread,
  spreadOf,
  type Turn,
} from './statistics.ts'

/** The turns of one round by the name of the contestant. */
export type Round = ReadonlyMap<string, Turn>

export interface ContestantResult {
  readonly name: string
  readonly operationsPerRound: number
  readonly cpuMicros: Spread
  readonly operationsPerSecond: Spread
  /** To the base, in CPU within the same round. */
  readonly ratio: Spread
}

export interface BarResult extends Bar {
  /** Absent: one of the two failed. */
  readonly ratio?: number
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
  readonly failures: readonly Failure[]
}

export type Played = Pick<ContestResult, 'repeatedRounds' | 'failures'> & {
  readonly rounds: readonly Round[]
}

/** Throws when a contestant that has not failed lacks a turn. */
export function contestResult(contest: Contest, played: Played): ContestResult {
  const { title, unit, base } = contest
  const { rounds, repeatedRounds, failures } = played
  const turnsOf = (name: string) => rounds.flatMap((round) => round.get(name) ?? [])
  const hasFailed = (name: string) => failures.some((failure) => failure.name === name)
  const standing = contest.contestants.filter(({ name }) => !hasFailed(name))
  const contestants = standing.map(({ name }): ContestantResult => {
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
    if (hasFailed(bar.contestant) || hasFailed(bar.against)) return { ...bar, isReached: false }
    const ratio = ratioOf(turnsOf(bar.contestant), turnsOf(bar.against)).median
    return { ...bar, ratio, isReached: ratio <= bar.ratioMax }
  })
  return { title, unit, base, rounds: rounds.length, repeatedRounds, contestants, bars, failures }
}
