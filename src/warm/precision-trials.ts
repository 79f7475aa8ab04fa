/**
 * What became of predictions. Each is judged in its turn: what is used is used early, and what
 * is wasted is known late, so that whoever counted verdicts as they come would see too many
 * good ones.
 *
 *   predicted ──arrives──▶ waits ──read, and it was that value──▶ used
 *       │ read before        │ it has left memory; its life is over; too many since
 *       ▼                    ▼
 *      late                wasted
 *
 * A prediction that loads nothing goes the same way, as if it had arrived when a load would.
 */

import type { Readable } from './association.ts'

/** Predictions that wait for their verdict; the oldest is wasted when there are more. */
export const trialsMax = 256
/** Ages of values from Redis are off by up to a transfer. */
const toleranceMs = 50
const never = Number.POSITIVE_INFINITY

/** `void`: it is not held against anybody. */
export type Verdict = 'used' | 'late' | 'wasted' | 'void'

export interface Judged {
  readonly isLoaded: boolean
  readonly verdict: Verdict
}

interface Trial<T> {
  readonly item: T
  /** False: a prediction that loads nothing. */
  readonly isLoaded: boolean
  /** When it is there. */
  readyMs: number
  untilMs: number
  bornMs: number | undefined
  verdict: Verdict | undefined
}

/** When a value is there, and until when; `bornMs`: when its load began. */
export interface Stay {
  readonly readyMs: number
  readonly untilMs: number
  readonly bornMs?: number
}

/** When something was read, and the birth of the value that was held; undefined: none was. */
export interface Served {
  readonly atMs: number
  readonly bornMs: number | undefined
}

export interface TrialsParts<T> {
  /** In the order of predictions. */
  readonly judge: (judged: Judged) => void
  readonly isHeld: (item: T) => boolean
}

export class PrecisionTrials<T extends Readable> {
  readonly #parts: TrialsParts<T>
  /** Without a verdict. */
  readonly #open = new Map<T['key'], Trial<T>>()
  /** In their order, with those that have a verdict and wait for their turn. */
  readonly #line: Trial<T>[] = []

  constructor(parts: TrialsParts<T>) {
    this.#parts = parts
  }

  get waiting(): number {
    return this.#line.length
  }

  /** Undefined: nothing is predicted of it now. */
  stateOf({ key }: T): 'underway' | 'loaded' | 'supposed' | undefined {
    const trial = this.#open.get(key)
    if (trial === undefined) return undefined
    if (!trial.isLoaded) return 'supposed'
    return trial.readyMs === never ? 'underway' : 'loaded'
  }

  /** Something is being loaded; nobody knows when it will be there. */
  load(item: T): void {
    this.#begin(item, { isLoaded: true, readyMs: never, untilMs: never })
  }

  /** Something would be loaded. */
  suppose(item: T, { readyMs, untilMs }: Stay): void {
    this.#begin(item, { isLoaded: false, readyMs, untilMs })
  }

  /** What was loaded is there. */
  arrived({ key }: T, { readyMs, untilMs, bornMs }: Stay): void {
    const trial = this.#open.get(key)
    if (trial?.isLoaded !== true) return
    trial.readyMs = readyMs
    trial.untilMs = untilMs
    trial.bornMs = bornMs
  }

  /** Known from elsewhere than a read. */
  settle({ key }: T, verdict: Verdict): void {
    const trial = this.#open.get(key)
    if (trial === undefined) return
    trial.verdict = verdict
    this.#open.delete(key)
  }

  /** True: a preload was of use. */
  read(item: T, served: Served): boolean {
    const trial = this.#open.get(item.key)
    const verdict = trial === undefined ? undefined : verdictOn(trial, served)
    if (verdict !== undefined) this.settle(item, verdict)
    this.#inTurn(served.atMs)
    return trial?.isLoaded === true && verdict === 'used'
  }

  #begin(item: T, begun: Pick<Trial<T>, 'isLoaded' | 'readyMs' | 'untilMs'>): void {
    this.#passGone()
    if (this.#line.length === trialsMax) this.#judgeFirst()
    const trial = { item, ...begun, bornMs: undefined, verdict: undefined }
    this.#open.set(item.key, trial)
    this.#line.push(trial)
  }

  /** What has left memory is known to be wasted before anybody asks for it. */
  #passGone(): void {
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      const isThere = first.isLoaded && first.readyMs !== never
      const isGone = isThere && !this.#parts.isHeld(first.item)
      if (first.verdict === undefined && !isGone) return
      this.#judgeFirst()
    }
  }

  #inTurn(nowMs: number): void {
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      if (first.verdict === undefined && nowMs < first.untilMs) return
      this.#judgeFirst()
    }
  }

  #judgeFirst(): void {
    const first = this.#line.shift()
    if (first === undefined) return
    if (first.verdict === undefined) this.#open.delete(first.item.key)
    this.#parts.judge({ isLoaded: first.isLoaded, verdict: first.verdict ?? 'wasted' })
  }
}

function verdictOn<T>(trial: Trial<T>, { atMs, bornMs }: Served): Verdict {
  if (atMs <= trial.readyMs) return 'late'
  if (atMs >= trial.untilMs) return 'wasted'
  if (!trial.isLoaded) return 'used'
  if (bornMs === undefined || trial.bornMs === undefined) return 'wasted'
  return Math.abs(bornMs - trial.bornMs) <= toleranceMs ? 'used' : 'wasted'
}
