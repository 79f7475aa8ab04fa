/** How a source may be called: the options beside its function, checked and resolved. */
import type { Duration } from '../base/duration.ts'
import { DEFAULTS } from './defaults.ts'
import {
  booleanIn,
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  nameIn,
} from './option-checks.ts'

/** How often a call that failed is repeated, and after which pauses. */
export interface RetryOptions {
  /** Calls in all, the first one included: 2 is one repetition. */
  readonly attempts: number
  /** The first pause is at most this, each further one at most twice as long. Default 50 ms. */
  readonly pause?: Duration | undefined
}

/** What an author says about the calls of a source. */
export interface SourceOptions {
  /** What it asks: sources that name the same dependency share a breaker. */
  readonly dependency?: string | undefined
  /** Most calls at a time in this process. Default 100. */
  readonly concurrency?: number | undefined
  /** Most calls that wait for their turn; one more is `SP_SOURCE_BUSY`. Default 10,000. */
  readonly queue?: number | undefined
  /** True: asking twice does no more than asking once, so that `retry` is allowed. */
  readonly idempotent?: boolean | undefined
  /** Repeats a call that has failed, within the load timeout. */
  readonly retry?: RetryOptions | undefined
  /** False for an error that says nothing about the dependency, such as a refused id. */
  readonly isFailure?: ((error: unknown) => boolean) | undefined
}

/** The same, resolved. */
export interface SourceRules {
  readonly dependency: string | undefined
  readonly concurrency: number
  readonly queue: number
  /** 1: it is never repeated. */
  readonly attempts: number
  readonly retryPauseMs: number
  readonly isFailure: (error: unknown) => boolean
}

export const sourceOptions: readonly (keyof SourceOptions)[] = [
  'dependency',
  'concurrency',
  'queue',
  'idempotent',
  'retry',
  'isFailure',
]

const CONCURRENCY_RANGE = { min: 1, max: 10_000 }
const QUEUE_RANGE = { min: 0, max: 1_000_000 }
const ATTEMPTS_RANGE = { min: 1, max: 10 }
const PAUSE_RANGE_MS = { min: 1, max: 60_000 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveSourceRules(where: string, fields: Fields): SourceRules {
  const isFailure = functionIn(where, fields, 'isFailure')
  return Object.freeze({
    dependency: nameIn(where, fields, 'dependency'),
    concurrency:
      integerIn(where, fields, 'concurrency', CONCURRENCY_RANGE) ??
      DEFAULTS.sourceConcurrency.value,
    queue: integerIn(where, fields, 'queue', QUEUE_RANGE) ?? DEFAULTS.sourceQueue.value,
    ...retryIn(where, fields),
    isFailure: (error: unknown) => isFailure === undefined || isFailure(error) !== false,
  })
}

function retryIn(where: string, fields: Fields): Pick<SourceRules, 'attempts' | 'retryPauseMs'> {
  const isIdempotent = booleanIn(where, fields, 'idempotent') ?? false
  const retryPauseMs = DEFAULTS.retryPauseMs.value
  const { retry } = fields
  if (retry === undefined) return { attempts: 1, retryPauseMs }
  if (!isIdempotent) throw invalid(where, 'retry', "'idempotent: true' beside it", retry)
  const inner = `${where} retry`
  const given = fieldsOf(inner, retry, ['attempts', 'pause'])
  const attempts = integerIn(inner, given, 'attempts', ATTEMPTS_RANGE)
  if (attempts === undefined) throw invalid(inner, 'attempts', 'how many calls', undefined)
  const pauseMs = durationIn(inner, given, 'pause', PAUSE_RANGE_MS)
  return { attempts, retryPauseMs: pauseMs ?? retryPauseMs }
}
