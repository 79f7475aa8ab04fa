/**
 * The breaker of a dependency or of a family's source. The next callers are its trials, a
 * few at a time:
 *
 *   closed ──too many failures──▶ open ──its time is up──▶ half-open ──all succeed──▶ closed
 *                                  ▲                          │
 *                                  └───────one fails──────────┘ twice as long
 *
 * Each call has a ticket, the number of the state it began in: what ends later says nothing
 * about the state that follows. Ours, because a library would read the clock itself, and no
 * seed could replay what it did.
 */
import type { BreakerPolicy } from '../core/breaker-policy.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { BreakerState, BreakerStats } from '../core/stats.ts'
import { backoffMs } from './backoff.ts'
import { BreakerRecord } from './breaker-record.ts'
import { FailureWindow } from './failure-window.ts'

/** Open times are longer by up to this share, so that processes do not try in step. */
const jitterShare = 0.1

/** How a call ended; `ignored`: in a way that says nothing about what was called. */
export type Verdict = 'succeeded' | 'failed' | 'ignored'

export interface BreakerChange {
  readonly before: BreakerState
  readonly state: BreakerState
  /** How long the state before lasted. */
  readonly afterMs: number
  /** Until it may be tried. */
  readonly retryMs: number | undefined
}

type State =
  | { readonly is: 'closed' }
  | { readonly is: 'open'; readonly untilMs: number }
  | { readonly is: 'halfOpen'; running: number; succeeded: number }

export interface SourceBreakerParts {
  readonly clock: Clock
  readonly chance: Chance
  readonly onChange: (change: BreakerChange) => void
}

export class SourceBreaker {
  readonly #parts: SourceBreakerParts
  readonly #record = new BreakerRecord()
  #policy: BreakerPolicy
  #window: FailureWindow
  #state: State = { is: 'closed' }
  #sinceMs: number
  #ticket = 0
  #inRow = 0
  /** Since it was closed. */
  #openings = 0

  constructor(policy: BreakerPolicy, parts: SourceBreakerParts) {
    this.#parts = parts
    this.#policy = policy
    this.#window = windowOf(policy)
    this.#sinceMs = parts.clock.now()
  }

  /** From now on; an open one stays open as long as was said when it opened. */
  configure(policy: BreakerPolicy): void {
    this.#policy = policy
    this.#window = windowOf(policy)
    this.#inRow = 0
    const state = this.#state
    const hasRecovered = state.is === 'halfOpen' && state.succeeded >= policy.trials
    if (hasRecovered) this.#close(this.#parts.clock.now())
  }

  /** How long no call is let through; undefined: one is. 0: trials are under way. */
  blockedForMs(nowMs: number): number | undefined {
    const state = this.#state
    if (state.is === 'closed') return undefined
    if (state.is === 'open') return nowMs < state.untilMs ? state.untilMs - nowMs : undefined
    return state.running + state.succeeded < this.#policy.trials ? undefined : 0
  }

  /** A call was not made because of it. */
  refused(): void {
    this.#record.rejected()
  }

  /** A call begins that `blockedForMs` has let through. Its ticket goes back to `end`. */
  begin(nowMs: number): number {
    if (this.#state.is === 'open') this.#turn({ is: 'halfOpen', running: 0, succeeded: 0 }, nowMs)
    if (this.#state.is === 'halfOpen') {
      this.#state.running++
      this.#record.tried()
    }
    return this.#ticket
  }

  end(ticket: number, verdict: Verdict, startedMs: number): void {
    const nowMs = this.#parts.clock.now()
    if (verdict !== 'ignored') this.#record.called(nowMs - startedMs, verdict === 'failed')
    if (ticket !== this.#ticket) return
    if (this.#state.is === 'halfOpen') this.#tried(this.#state, verdict, nowMs)
    else if (verdict !== 'ignored') this.#counted(verdict === 'failed', nowMs)
  }

  stats(): BreakerStats {
    return this.#record.snapshot(this.#state.is)
  }

  #counted(isFailure: boolean, nowMs: number): void {
    this.#inRow = isFailure ? this.#inRow + 1 : 0
    this.#window.add(nowMs, isFailure)
    if (isFailure && this.#isTooMuch(nowMs)) this.#open(nowMs)
  }

  #isTooMuch(nowMs: number): boolean {
    const { threshold } = this.#policy
    if (threshold.kind === 'row') return this.#inRow >= threshold.failures
    const { calls, failures } = this.#window.total(nowMs)
    return calls >= threshold.callsMin && failures >= calls * threshold.share
  }

  #tried(state: Extract<State, { is: 'halfOpen' }>, verdict: Verdict, nowMs: number): void {
    state.running--
    if (verdict === 'failed') this.#open(nowMs)
    if (verdict !== 'succeeded') return
    state.succeeded++
    if (state.succeeded >= this.#policy.trials) this.#close(nowMs)
  }

  #open(nowMs: number): void {
    this.#openings++
    const { openMs: firstMs, openMsMost: mostMs } = this.#policy
    const openMs = backoffMs({ firstMs, mostMs }, this.#openings)
    const untilMs = nowMs + openMs * (1 + jitterShare * this.#parts.chance.unit())
    this.#record.opened(nowMs)
    this.#turn({ is: 'open', untilMs }, nowMs)
  }

  #close(nowMs: number): void {
    this.#openings = 0
    this.#inRow = 0
    this.#window = windowOf(this.#policy)
    this.#record.closed(nowMs)
    this.#turn({ is: 'closed' }, nowMs)
  }

  #turn(state: State, nowMs: number): void {
    const before = this.#state.is
    const afterMs = nowMs - this.#sinceMs
    this.#state = state
    this.#sinceMs = nowMs
    this.#ticket++
    const retryMs = state.is === 'open' ? state.untilMs - nowMs : undefined
    this.#parts.onChange({ before, state: state.is, afterMs, retryMs })
  }
}

function windowOf({ threshold }: BreakerPolicy): FailureWindow {
  return new FailureWindow(threshold.kind === 'rate' ? threshold.windowMs : 1)
}
