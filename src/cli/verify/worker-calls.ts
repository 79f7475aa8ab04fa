/** What the command and its workers say to each other. */
import type { HistogramSnapshot } from '../../base/histogram.ts'
import type { RegisterName } from './registers.ts'

/** How a worker reaches Redis, through proxies of its own. */
export type WorkerRedis = Readonly<Record<string, unknown>>

export interface WorkerInit {
  /** Different after every restart. */
  readonly process: string
  readonly namespace: string
  readonly redis: WorkerRedis
  readonly clients: number
  /** Operations that all clients of this worker together begin in a second. */
  readonly opsPerSecond: number
  readonly historyFile: string
}

/** What a worker has counted since it began. */
export interface WorkerPulse {
  readonly operations: number
  readonly invalidations: number
  readonly pending: number
  readonly untrustedMs: number
  readonly trustLosses: number
  /** From the call of an invalidation to its arrival here, in milliseconds. */
  readonly lag: HistogramSnapshot
  /** What should not have happened. */
  readonly failures: readonly string[]
}

/** A write that is not over before every cache was told of it. */
export interface Change {
  /** Of this worker. */
  readonly id: number
  /** Before the quarantine was placed, if there is one. */
  readonly startedMs: number
  /** `mutate`: inside of it. `quarantined`: and surely under a quarantine. */
  readonly how: 'bare' | 'mutate' | 'quarantined'
}

export interface PublishedReceipt {
  readonly version: number
  readonly token: string
}

/** Served by the command, which is the database. */
export type DatabaseCalls = {
  readonly load: (asked: { readonly keys: readonly string[] }) => Promise<{
    readonly versions: readonly number[]
  }>
  readonly commit: (asked: {
    readonly process: string
    readonly key: string
    readonly change: Change
  }) => Promise<{ readonly version: number }>
  /** A change is over: its invalidation has resolved. */
  readonly told: (asked: { readonly process: string; readonly id: number }) => void
  /** Leaves the receipt of a register for other workers. */
  readonly publish: (asked: { readonly key: string; readonly receipt: PublishedReceipt }) => void
  readonly receipt: (asked: { readonly key: string }) => PublishedReceipt | null
  readonly pulse: (pulse: WorkerPulse) => void
}

/** Served by a worker. */
export type WorkerCalls = {
  readonly open: (init: WorkerInit) => Promise<void>
  /** Occupies the only thread of the worker. */
  readonly block: (asked: { readonly ms: number }) => void
  /** Ends the clients and resolves when each has finished what it was doing. */
  readonly rest: (asked: object) => Promise<void>
  /** Writes these once more and tells everybody. */
  readonly rewrite: (asked: { readonly names: readonly RegisterName[] }) => Promise<void>
  /** Well, with nothing left to say. */
  readonly isWell: (asked: object) => boolean
  /** Reads every register in every tier, and writes down what it held. */
  readonly finish: (asked: { readonly names: readonly RegisterName[] }) => Promise<WorkerPulse>
  readonly close: (asked: object) => Promise<void>
}
