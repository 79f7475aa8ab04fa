/**
 * The predictor without a cache: reads in, what should be loaded now out. It has no clock and
 * loads nothing itself, so that recorded accesses are replayed by the very same rules.
 *
 *   read ──▶ trials: was it predicted? ──verdicts──▶ guard: on or off
 *     │
 *     ├──▶ association: it followed what came before (history)
 *     └──▶ association: what follows it? ──not held──▶ to be loaded, or only supposed
 */
import { Association, type Readable } from './association.ts'
import { PrecisionGuard, type PredictorState } from './precision-guard.ts'
import { type Judged, PrecisionTrials, type Stay } from './precision-trials.ts'
import { PredictorHistory, type Session } from './predictor-history.ts'

/** What the engine asks of what it predicts for. */
export interface PredictedMemory<T> {
  /** True: a preload of it would be for nothing. */
  isHeld(item: T): boolean
  /** How long a value lives at most. */
  livesMs(item: T): number
}

/** A read by a caller. */
export interface PredictedRead<T> {
  readonly item: T
  readonly session: Session
  readonly atMs: number
  /** `unseen`: nobody knows what became of it. */
  readonly result: 'hit' | 'miss' | 'unseen'
  /** When the load of the value began that was held; undefined: none was. */
  readonly bornMs: number | undefined
}

/** What came of predictions, in this process. */
export interface PredictorReport {
  /** `off`: predictions are judged, and load nothing. */
  readonly state: PredictorState
  /** How often it was switched on or off. */
  readonly switches: number
  /** From 0 to 1, of what was judged last; undefined: too few. */
  readonly precision: number | undefined
  readonly reads: number
  /** Those that were loaded by their reader. */
  readonly misses: number
  /** Keys that were predicted while it was off, and those of them that were read in time. */
  readonly supposed: number
  readonly supposedUsed: number
  /** Keys that it had loaded: `used`, `late`, `wasted`, or without a verdict until now. */
  readonly preloads: number
  /** Read while they were there. */
  readonly used: number
  /** Read before they were there. */
  readonly late: number
  readonly wasted: number
  /** Keys that were there already, or that the warmer had no room for. */
  readonly notLoaded: number
  /** Loads for nothing, as a share of what readers would have loaded. */
  readonly originLoadAdded: number
  /** At most: what was pushed out of memory for it is not counted. */
  readonly hitRatioGained: number
  /** What it takes a load to arrive; what is read sooner is not predicted. */
  readonly leadMs: number
  /** Keys whose followers it counts, and sessions that it remembers. */
  readonly keys: number
  readonly sessions: number
}

/** Of the time that loads took until now. */
const leadWeight = 1 / 8

export class PredictorEngine<T extends Readable> {
  readonly #memory: PredictedMemory<T>
  readonly #association = new Association<T>()
  readonly #history = new PredictorHistory<T>()
  readonly #guard = new PrecisionGuard()
  readonly #trials = new PrecisionTrials<T>({
    judge: (judged) => this.#judge(judged),
    isHeld: (item) => this.#memory.isHeld(item),
  })
  readonly #verdicts = { used: 0, late: 0, wasted: 0, void: 0 }
  #leadMs: number | undefined
  #reads = 0
  #misses = 0
  #preloads = 0
  #supposed = 0
  #supposedUsed = 0

  constructor(memory: PredictedMemory<T>) {
    this.#memory = memory
  }

  get state(): PredictorState {
    return this.#guard.state
  }

  /** Learns from a read; returns what is to be loaded now, at most eight. */
  read(read: PredictedRead<T>): readonly T[] {
    this.#count(read)
    const { item, session, atMs } = read
    const moment = { session, atMs, leadMs: this.#leadMs ?? 0 }
    for (const earlier of this.#history.before(item, moment)) {
      this.#association.follow(earlier, item)
    }
    const wanted: T[] = []
    for (const next of this.#association.expectedAfter(item)) {
      if (this.#isWanted(next, atMs)) wanted.push(next)
    }
    this.#association.occurred(item)
    this.#history.add(item, moment)
    return wanted
  }

  /** What was to be loaded is there. */
  arrived(item: T, stay: Stay): void {
    this.#trials.arrived(item, stay)
  }

  /** It was there already, or was refused. */
  notLoaded(item: T): void {
    this.#trials.settle(item, 'void')
  }

  /** How long a load took. */
  took(ms: number): void {
    const before = this.#leadMs ?? ms
    this.#leadMs = before + (ms - before) * leadWeight
  }

  report(): PredictorReport {
    const { used, late, wasted, void: notLoaded } = this.#verdicts
    const { state, switches, precision } = this.#guard
    return {
      state,
      switches,
      precision,
      reads: this.#reads,
      misses: this.#misses,
      supposed: this.#supposed,
      supposedUsed: this.#supposedUsed,
      preloads: this.#preloads,
      used,
      late,
      wasted,
      notLoaded,
      originLoadAdded: shareOf(wasted, this.#misses + used),
      hitRatioGained: shareOf(used, this.#reads),
      leadMs: this.#leadMs ?? 0,
      keys: this.#association.size,
      sessions: this.#history.sessions,
    }
  }

  #count({ item, atMs, result, bornMs }: PredictedRead<T>): void {
    this.#reads++
    if (result === 'unseen') return
    if (result === 'miss') this.#misses++
    const isOfUse = this.#trials.read(item, { atMs, bornMs })
    if (result === 'miss' || isOfUse) this.#guard.missed()
  }

  /** True: it is to be loaded; what is only supposed is noted here. */
  #isWanted(item: T, atMs: number): boolean {
    const state = this.#trials.stateOf(item)
    if (state === 'underway' || state === 'supposed' || this.#memory.isHeld(item)) return false
    // It was loaded, and has gone before anybody read it.
    if (state === 'loaded') this.#trials.settle(item, 'wasted')
    if (this.#guard.mayLoad) {
      this.#guard.loads()
      this.#preloads++
      this.#trials.load(item)
      return true
    }
    if (this.#guard.state === 'on') return false
    const readyMs = atMs + (this.#leadMs ?? 0)
    this.#supposed++
    this.#trials.suppose(item, { readyMs, untilMs: readyMs + this.#memory.livesMs(item) })
    return false
  }

  #judge({ isLoaded, verdict }: Judged): void {
    const isUsed = verdict === 'used'
    if (isLoaded) {
      this.#verdicts[verdict]++
      if (verdict !== 'wasted') this.#guard.giveBack()
    } else if (isUsed) this.#supposedUsed++
    // What was begun before the switch says nothing about what is done now.
    const isCurrent = isLoaded === (this.#guard.state === 'on')
    if (isCurrent && verdict !== 'void') this.#guard.judge(isUsed)
  }
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
