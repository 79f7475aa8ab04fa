/** How long one caller waits for a flight; leaving ends its own wait only (CONTRACT 19). */
import type { Flight, Landed } from '../coherence/index.ts'
import type { Clock } from '../core/contracts/clock.ts'
import type { GetOptions } from '../core/handle.ts'
import { durationIn, fieldsOf, invalid } from '../core/option-checks.ts'
import { aborted, timedOut } from './faults.ts'

export interface Patience {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

const where = 'get'
const knownOptions = ['signal', 'timeout', 'consistency', 'after'] as const
const consistencies: readonly unknown[] = [undefined, 'bounded', 'strict', 'fresh']

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function patienceOf(options: GetOptions): Patience {
  const fields = fieldsOf(where, options, knownOptions)
  const { signal, consistency } = options
  if (!consistencies.includes(consistency)) {
    throw invalid(where, 'consistency', "'bounded', 'strict' or 'fresh'", consistency)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(where, 'signal', 'an AbortSignal', signal)
  }
  return { signal, timeoutMs: durationIn(where, fields, 'timeout') }
}

/** The flight must have been joined for this caller. */
export function waitFor(flight: Flight, clock: Clock, patience: Patience): Promise<Landed> {
  const { signal, timeoutMs } = patience
  const { promise } = flight.landed
  if (signal === undefined && timeoutMs === undefined) return promise
  return new Promise((resolve, reject) => {
    const leave = (error: unknown) => {
      end()
      reject(error)
      flight.leave()
    }
    const onAbort = () => leave(aborted(flight.key, signal?.reason))
    const timer =
      timeoutMs === undefined
        ? undefined
        : clock.timer(timeoutMs, () => leave(timedOut(flight.key, timeoutMs)))
    const end = () => {
      timer?.cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    if (signal?.aborted) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort)
    promise.then(
      (landed) => {
        end()
        resolve(landed)
      },
      (error) => {
        end()
        reject(error)
      },
    )
  })
}
