/**
 * How long one caller waits; leaving ends its own wait only, not the loads that others
 * wait for (CONTRACT 19). One listener and one timer serve all keys of a call.
 */
import type { Flight, Rider } from '../coherence/index.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import type { GetOptions } from '../core/handle.ts'
import { durationIn, fieldsOf, invalid } from '../core/option-checks.ts'
import type { SharedSignals } from '../resilience/index.ts'
import { aborted, timedOut } from './faults.ts'

const where = 'get'
const knownOptions = ['signal', 'timeout', 'consistency', 'after', 'priority'] as const
const consistencies: readonly unknown[] = [undefined, 'bounded', 'strict', 'fresh']
const priorities: readonly unknown[] = [undefined, 'read', 'warm']

/** Makes the error of a wait that ends early. */
type ErrorOf = (key: string) => Error
type Leave = (errorOf: ErrorOf) => void

export interface PatienceParts {
  readonly clock: Clock
  readonly signals: SharedSignals
}

interface Limits {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

export class Patience {
  readonly #clock: Clock
  readonly #signals: SharedSignals
  readonly #signal: AbortSignal | undefined
  readonly #timeoutMs: number | undefined
  readonly #waits = new Set<Leave>()
  /** Of all that the caller waits for, one after the other. */
  #untilMs: number | undefined
  #timer: Timer | undefined

  constructor({ clock, signals }: PatienceParts, limits: Limits) {
    this.#clock = clock
    this.#signals = signals
    this.#signal = limits.signal
    this.#timeoutMs = limits.timeoutMs
  }

  /** Nothing but the flight can end the wait. */
  get isEndless(): boolean {
    return this.#signal === undefined && this.#timeoutMs === undefined
  }

  add(leave: Leave): void {
    if (this.#signal?.aborted) {
      leave((key) => aborted(key, this.#signal?.reason))
      return
    }
    if (this.#waits.size === 0) this.#arm()
    this.#waits.add(leave)
  }

  remove(leave: Leave): void {
    if (this.#waits.delete(leave) && this.#waits.size === 0) this.#disarm()
  }

  /** What ends the wait before the step has ended; undefined: the step was faster. */
  async outlast(step: Promise<unknown>): Promise<ErrorOf | undefined> {
    if (this.isEndless) return undefined
    return new Promise((resolve) => {
      const leave: Leave = (errorOf) => resolve(errorOf)
      const stay = () => {
        this.remove(leave)
        resolve(undefined)
      }
      this.add(leave)
      step.then(stay, stay)
    })
  }

  #arm(): void {
    const timeoutMs = this.#timeoutMs
    if (this.#signal !== undefined) this.#signals.add(this.#signal, this.#onAbort)
    if (timeoutMs === undefined) return
    const nowMs = this.#clock.now()
    this.#untilMs ??= nowMs + timeoutMs
    const onTime = () => this.#end((key) => timedOut(key, timeoutMs))
    this.#timer = this.#clock.timer(this.#untilMs - nowMs, onTime)
  }

  #disarm(): void {
    this.#timer?.cancel()
    if (this.#signal !== undefined) this.#signals.remove(this.#signal, this.#onAbort)
  }

  readonly #onAbort = (): void => {
    this.#end((key) => aborted(key, this.#signal?.reason))
  }

  #end(errorOf: (key: string) => Error): void {
    this.#disarm()
    const waits = [...this.#waits]
    this.#waits.clear()
    for (const leave of waits) leave(errorOf)
  }
}

/** Throws `SP_OPTION_INVALID`, `SP_OPTION_UNKNOWN`. */
export function checkGet(options: GetOptions): void {
  const fields = fieldsOf(where, options, knownOptions)
  durationIn(where, fields, 'timeout')
  const { signal, consistency, priority } = options
  if (!consistencies.includes(consistency)) {
    throw invalid(where, 'consistency', "'bounded', 'strict' or 'fresh'", consistency)
  }
  if (!priorities.includes(priority)) throw invalid(where, 'priority', "'read' or 'warm'", priority)
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(where, 'signal', 'an AbortSignal', signal)
  }
}

/** Of options that have been checked. */
export function patienceOf({ signal, timeout }: GetOptions, parts: PatienceParts): Patience {
  return new Patience(parts, { signal, timeoutMs: durationIn(where, { timeout }, 'timeout') })
}

/** The flight must have been joined for this caller, who is told once. */
export function waitFor(flight: Flight, patience: Patience | undefined, rider: Rider): void {
  if (patience === undefined || patience.isEndless) {
    flight.tell(rider)
    return
  }
  waitWith(flight, patience, rider)
}

function waitWith(flight: Flight, patience: Patience, rider: Rider): void {
  let isOver = false
  const leave: Leave = (errorOf) => {
    isOver = true
    rider.failed(errorOf(flight.key))
    flight.leave()
  }
  const stay = (): boolean => {
    patience.remove(leave)
    return !isOver
  }
  patience.add(leave)
  flight.tell({
    landed: (landed) => stay() && rider.landed(landed),
    failed: (error) => stay() && rider.failed(error),
  })
}
