/** How long one caller waits for a flight; leaving ends its own wait only (CONTRACT 19). */
import { parseDuration } from '../base/duration.ts'
import type { Flight, Landed } from '../coherence/index.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { WaitOptions } from '../core/handle.ts'
import { aborted, timedOut } from './faults.ts'

export interface Patience {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

/** Throws `SP_OPTION_INVALID`. */
export function patienceOf(options: WaitOptions): Patience {
  const { signal, timeout } = options
  if (timeout === undefined) return { signal, timeoutMs: undefined }
  const timeoutMs = parseDuration(timeout)
  if (timeoutMs !== undefined) return { signal, timeoutMs }
  throw new StaleproofError('SP_OPTION_INVALID', `option 'timeout'`, {
    expected: "a duration such as '2s', or milliseconds",
    received: describe(timeout),
  })
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
