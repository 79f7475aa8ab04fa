/** What takes part in a contest: one way of one library to do the same work as the others. */
import type { Peers } from './peers.ts'

export interface Contestant {
  /** Unique in its contest. */
  readonly name: string
  /** Part of a round's operations that it does, where all would take too long. Default 1. */
  readonly share?: number
  /** Opens, fills what `run` will read, and checks values once; throws when one is wrong. */
  prepare(): Promise<void>
  /** Does so many operations; resolves with how many of them did what they were meant to. */
  run(operations: number): Promise<number>
  /** Callable at any time, also when `prepare` has failed. */
  close(): Promise<void>
}

/** A bar: the CPU of one contestant is at most so many times that of another. */
export interface Bar {
  readonly contestant: string
  readonly against: string
  readonly ratioMax: number
  /** Where we want to be, beyond what must be. */
  readonly isAim?: true
}

export interface Contest {
  readonly title: string
  /** What one operation is. */
  readonly unit: string
  /** In one round, for each contestant. */
  readonly operations: number
  /** The name of the contestant that the others are compared with. */
  readonly base: string
  readonly contestants: readonly Contestant[]
  readonly bars: readonly Bar[]
}

/** What contests are made from. */
export interface Stage {
  /** Undefined: no server; only scenarios that need none. */
  readonly redisUrl: string | undefined
  readonly peers: Peers
}

export interface Scenario {
  readonly name: string
  readonly needsRedis: boolean
  contests(stage: Stage): readonly Contest[]
}
