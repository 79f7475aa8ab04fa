/** A flight with what the fetcher must know of its key and its attempts so far. */
import { Flight, type FlightPlan } from '../coherence/index.ts'
import type { MemoryId } from '../core/contracts/memory.ts'
import type { LeaseReply } from '../core/contracts/store.ts'
import type { Entry } from '../core/entry.ts'
import type { LoadReason } from '../core/outcome.ts'
import type { Scope } from './load-scope.ts'

/** The right to fill a slot, or to replace the value that is in it. */
export interface Grant {
  readonly reply: LeaseReply
  /** The fid of what will be stored. */
  readonly token: string
  /** The fid that must still be there; undefined: our lease must. */
  readonly replaces: string | undefined
  /** When it was asked for, on this process's own clock: the age of the load counts from here. */
  readonly askedMs: number
}

export interface KeyFlightPlan extends FlightPlan {
  readonly id: unknown
  readonly memoryId: MemoryId
  /** What memory holds without trust: current if the slot has the same fid. */
  readonly suspect: Entry | undefined
  /** The source that asked for it, if one did. */
  readonly outer: Scope | undefined
  /** It began while barriers waited for this process. */
  readonly isShareable: boolean
  /** Its caller is writing the key: what it loads is for that caller alone. */
  readonly isWriting: boolean
}

export class KeyFlight extends Flight {
  readonly id: unknown
  readonly memoryId: MemoryId
  readonly suspect: Entry | undefined
  readonly outer: Scope | undefined
  readonly isShareable: boolean
  readonly isWriting: boolean
  /** A fill whose payload could not be used. */
  voidFid: string | undefined
  /** How often a value from the server could not be used. */
  rounds = 0
  /** Has waited for another process's load. */
  hasWaited = false
  why: LoadReason = 'absent'
  grant: Grant | undefined
  /** What its source threw. */
  #thrown: { readonly error: unknown } | undefined

  constructor(plan: KeyFlightPlan) {
    super(plan)
    this.id = plan.id
    this.memoryId = plan.memoryId
    this.suspect = plan.suspect
    this.outer = plan.outer
    this.isShareable = plan.isShareable
    this.isWriting = plan.isWriting
    this.isClosed = plan.isWriting
  }

  sourceThrew(error: unknown): void {
    this.#thrown = { error }
  }

  isErrorOfSource(error: unknown): boolean {
    return this.#thrown !== undefined && this.#thrown.error === error
  }
}
