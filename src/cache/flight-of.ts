/** A flight with what the fetcher must know of its key and its attempts so far. */
import type { AsyncResource } from 'node:async_hooks'
import { Flight, type FlightPlan } from '../coherence/index.ts'
import type { MemoryId } from '../core/contracts/memory.ts'
import type { LeaseReply } from '../core/contracts/store.ts'
import type { Entry } from '../core/entry.ts'
import type { LoadReason } from '../core/outcome.ts'
import { isMoreUrgent, type Place, type Priority, priorities } from '../resilience/index.ts'
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
  /**
   * Why what it loads is for its caller alone, and is stored nowhere: that is writing the key,
   * or is called by a source that is loading it beside others.
   */
  readonly alone: 'quarantined' | 'nested' | undefined
}

export class KeyFlight extends Flight {
  readonly id: unknown
  readonly memoryId: MemoryId
  readonly suspect: Entry | undefined
  readonly outer: Scope | undefined
  readonly isShareable: boolean
  readonly alone: KeyFlightPlan['alone']
  /** A fill whose payload could not be used. */
  voidFid: string | undefined
  /** How often a value from the server could not be used. */
  rounds = 0
  /** Has waited for another process's load. */
  hasWaited = false
  why: LoadReason = 'absent'
  /** What its load gives way to, and what gives way to it. */
  priority: Priority = 'read'
  /** Of whoever asked for it, where it is not the one that its load is begun in. */
  context: Pick<AsyncResource, 'runInAsyncScope'> | undefined
  /** In the line before its source. */
  place: Pick<Place, 'raise'> | undefined
  grant: Grant | undefined
  /** The fill that its load is to replace, by whoever is elected (`elector.ts`). */
  agedFid: string | undefined
  isElected = false
  /** Nobody waits for it: the value that it is to replace does not end it. */
  isRefresh = false
  /** A value in its grace will do: its load has failed, is slow, or pauses. */
  takesGrace = false
  /** When what it has brought is over. */
  untilMs: number = Number.POSITIVE_INFINITY
  /** What its source threw. */
  #thrown: { readonly error: unknown } | undefined

  constructor(plan: KeyFlightPlan) {
    super(plan)
    this.id = plan.id
    this.memoryId = plan.memoryId
    this.suspect = plan.suspect
    this.outer = plan.outer
    this.isShareable = plan.isShareable
    this.alone = plan.alone
    this.isClosed = plan.alone !== undefined
  }

  raise(priority: Priority): void {
    if (!isMoreUrgent(priority, this.priority)) return
    this.priority = priority
    this.place?.raise(priority)
  }

  sourceThrew(error: unknown): void {
    this.#thrown = { error }
  }

  isErrorOfSource(error: unknown): boolean {
    return this.#thrown !== undefined && this.#thrown.error === error
  }
}

/** What is loaded together is as urgent as the most urgent of it. */
export function mostUrgent(flights: readonly KeyFlight[]): Priority {
  const [only] = flights
  if (flights.length === 1 && only !== undefined) return only.priority
  return priorities.find((one) => flights.some(({ priority }) => priority === one)) ?? 'read'
}
