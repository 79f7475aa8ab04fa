/** Options of a warmer and its tasks, checked once. */
import type { Duration } from '../base/duration.ts'
import type { Clock } from '../core/contracts/clock.ts'
import {
  booleanIn,
  durationIn,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  nameIn,
} from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import type { WarmTask } from './warm-task.ts'

/** Where failures of tasks are told. */
export type WarmLog = Pick<Logger, 'warn' | 'debug'>
/** What `openWarmer` takes. */
export interface WarmerOptions {
  /** Processes with the same name elect one of them. Default `warm`. */
  readonly name?: string | undefined
  readonly tasks?: readonly WarmTask[] | undefined
  /** How often tasks run that don't say so. Default 5 min. */
  readonly every?: Duration | undefined
  /** How long nobody warms after the elected process has died. Default 30 s. */
  readonly lease?: Duration | undefined
  /** Calls of sources at a time. Default 2. */
  readonly concurrency?: number | undefined
  /** Keys that are loaded in a second. Default 20. */
  readonly loadsPerSecond?: number | undefined
  /** One memory hit in so many is looked at by whoever learns. Default 1: each. */
  readonly sampleHits?: number | undefined
  /** The group that a read belongs to, such as a user; called where the read is made. */
  readonly who?: ((family: string, id: unknown) => string | undefined) | undefined
  readonly log?: WarmLog | undefined
  /** For tests: that of `testCache`. */
  readonly clock?: Clock | undefined
}

/** A task, resolved. */
export interface ResolvedTask {
  readonly name: string
  readonly critical: boolean
  readonly everyMs: number
  readonly deadlineMs: number
  readonly run: WarmTask['run']
}

export interface ResolvedWarmer {
  readonly name: string
  readonly everyMs: number
  readonly leaseMs: number
  readonly concurrency: number
  readonly loadsPerSecond: number
  readonly sampleHits: number
  readonly who: (family: string, id: unknown) => string | undefined
  readonly log: WarmLog | undefined
}

const WHERE = 'openWarmer'
const KNOWN: readonly (keyof WarmerOptions)[] = [
  'name',
  'tasks',
  'every',
  'lease',
  'concurrency',
  'loadsPerSecond',
  'sampleHits',
  'who',
  'log',
  'clock',
]
const KNOWN_OF_TASK: readonly (keyof WarmTask)[] = ['name', 'critical', 'every', 'deadline', 'run']
const EVERY_MS = 300_000
const EVERY_RANGE_MS = { min: 100, max: 86_400_000 }
const LEASE_MS = 30_000
const LEASE_RANGE_MS = { min: 1_000, max: 3_600_000 }
const DEADLINE_MS = 60_000
const CONCURRENCY_RANGE = { min: 1, max: 100 }
const LOADS_RANGE = { min: 1, max: 10_000 }
const SAMPLE_RANGE = { min: 1, max: 10_000 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveWarmer(options: WarmerOptions): ResolvedWarmer {
  const fields = fieldsOf(WHERE, options, KNOWN)
  functionIn(WHERE, fields, 'who')
  const { who } = options
  return Object.freeze({
    name: nameIn(WHERE, fields, 'name') ?? 'warm',
    everyMs: durationIn(WHERE, fields, 'every', EVERY_RANGE_MS) ?? EVERY_MS,
    leaseMs: durationIn(WHERE, fields, 'lease', LEASE_RANGE_MS) ?? LEASE_MS,
    concurrency: integerIn(WHERE, fields, 'concurrency', CONCURRENCY_RANGE) ?? 2,
    loadsPerSecond: integerIn(WHERE, fields, 'loadsPerSecond', LOADS_RANGE) ?? 20,
    sampleHits: integerIn(WHERE, fields, 'sampleHits', SAMPLE_RANGE) ?? 1,
    who: (family: string, id: unknown) => who?.(family, id),
    log: options.log,
  })
}

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveTask(task: WarmTask, everyMs: number): ResolvedTask {
  const fields = fieldsOf('a warming task', task, KNOWN_OF_TASK)
  const name = nameIn('a warming task', fields, 'name')
  if (name === undefined) throw invalid('a warming task', 'name', 'a name', undefined)
  const where = `the warming task '${name}'`
  const critical = booleanIn(where, fields, 'critical')
  if (critical === undefined) throw invalid(where, 'critical', 'true or false', undefined)
  if (typeof task.run !== 'function') throw invalid(where, 'run', 'a function', task.run)
  return Object.freeze({
    name,
    critical,
    everyMs: durationIn(where, fields, 'every', EVERY_RANGE_MS) ?? everyMs,
    deadlineMs: durationIn(where, fields, 'deadline') ?? DEADLINE_MS,
    run: task.run,
  })
}

/** The tasks to begin with. Throws `SP_OPTION_INVALID`. */
export function tasksIn({ tasks = [] }: WarmerOptions): readonly WarmTask[] {
  if (!Array.isArray(tasks)) throw invalid(WHERE, 'tasks', 'a list of tasks', tasks)
  return tasks
}
