/**
 * Whether predictions may load anything: only as long as most of what they load is read.
 *
 *   off ──0.6 of the last predictions came true, after the probation──▶ on
 *    ▲                                                                  │
 *    └───────────── less than half of the last preloads were used ──────┘
 *
 * It begins off: predictions are made and judged, and nothing is loaded. Whoever had to be
 * switched off soon after being switched on waits twice as long the next time, because what is
 * only predicted looks better than what has to find room in memory.
 *
 * Besides, preloads that nobody uses may add a twentieth to what readers load themselves, and no
 * more: each preload takes a credit, and gives it back when it was not for nothing. What they
 * push out of memory may have to be loaded again, so the whole comes to about a tenth at most.
 */

export type PredictorState = 'on' | 'off'

/** Verdicts that count: the last ones. */
const verdictsMost = 128
/** Fewer say nothing. */
const verdictsLeast = 64
const precisionMin = 0.5
/** Higher than what it is switched off below, so that it does not flicker. */
const precisionToBegin = 0.6
const probationLeast = 128
const probationMost = 8_192
/** Verdicts after which it counts as having gone well. */
const steadyVerdicts = 1_024
const wasteShareMax = 0.05
const creditMost = 256

export class PrecisionGuard {
  #state: PredictorState = 'off'
  #verdicts: boolean[] = []
  #used = 0
  #judged = 0
  #probation = probationLeast
  #credit = 0
  #switches = 0

  get state(): PredictorState {
    return this.#state
  }

  /** How often it was switched on or off. */
  get switches(): number {
    return this.#switches
  }

  /** Of the last preloads, or of the last predictions while it is off. Undefined: too few. */
  get precision(): number | undefined {
    const { length } = this.#verdicts
    return length < verdictsLeast ? undefined : this.#used / length
  }

  /** False: nothing is to be loaded now. */
  get mayLoad(): boolean {
    return this.#state === 'on' && this.#credit >= 1
  }

  /** A read that had to be loaded, or would have had to be without a preload. */
  missed(): void {
    this.#credit = Math.min(creditMost, this.#credit + wasteShareMax)
  }

  loads(): void {
    this.#credit--
  }

  /** Of a preload that was not for nothing. */
  giveBack(): void {
    this.#credit = Math.min(creditMost, this.#credit + 1)
  }

  /** Whether one was used, in the order in which they were made. */
  judge(isUsed: boolean): void {
    this.#judged++
    this.#verdicts.push(isUsed)
    if (isUsed) this.#used++
    if (this.#verdicts.length > verdictsMost && this.#verdicts.shift() === true) this.#used--
    const { precision } = this
    if (precision === undefined) return
    if (this.#state === 'on' && precision < precisionMin) this.#switchOff()
    else if (this.#state === 'off' && this.#judged >= this.#probation) {
      if (precision >= precisionToBegin) this.#switchTo('on')
    }
  }

  #switchOff(): void {
    const isSteady = this.#judged >= steadyVerdicts
    this.#probation = isSteady ? probationLeast : Math.min(probationMost, this.#probation * 2)
    this.#switchTo('off')
  }

  #switchTo(state: PredictorState): void {
    this.#state = state
    this.#switches++
    this.#verdicts = []
    this.#used = 0
    this.#judged = 0
  }
}
