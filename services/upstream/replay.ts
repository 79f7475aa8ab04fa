// The clock of the tape: applies one recorded moment after the other, as far apart as they were
// recorded divided by the speed, and starts again at the end. It can be held and stepped by hand.
//
//   running ──pause──▶ held ──resume──▶ running        any ──close──▶ closed
import type { Exchange, Move } from './exchange.ts'
import type { Frame } from './market.ts'

/** Two recorded moments are never further apart than this in the replay. */
export const STEP_MAX_MS = 5_000
const STEP_MIN_MS = 20

type State = 'running' | 'held' | 'closed'

export class Replay {
  readonly #frames: readonly Frame[]
  readonly #speed: number
  readonly #exchange: Exchange
  #state: State = 'held'
  #timer: NodeJS.Timeout | undefined
  #index = 0
  #loops = 0

  constructor({
    frames,
    speed,
    exchange,
  }: { frames: readonly Frame[]; speed: number; exchange: Exchange }) {
    this.#frames = frames
    this.#speed = speed
    this.#exchange = exchange
  }

  get state(): State {
    return this.#state
  }

  /** Where the tape stands: the number of the next moment, of how many, in which round. */
  get position(): { frame: number; frames: number; loops: number } {
    return { frame: this.#index, frames: this.#frames.length, loops: this.#loops }
  }

  resume(): void {
    if (this.#state !== 'held') return
    this.#state = 'running'
    this.#schedule()
  }

  pause(): void {
    if (this.#state !== 'running') return
    this.#state = 'held'
    clearTimeout(this.#timer)
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#timer)
  }

  /** Applies the next recorded moment now; the times of the following ones do not change. */
  tick(): readonly Move[] {
    const frame = this.#frames[this.#index]
    if (frame === undefined) return []
    this.#index += 1
    if (this.#index === this.#frames.length) {
      this.#index = 0
      this.#loops += 1
    }
    return this.#exchange.apply(frame)
  }

  #schedule(): void {
    if (this.#frames.length === 0) return
    this.#timer = setTimeout(() => {
      this.tick()
      if (this.#state === 'running') this.#schedule()
    }, this.#stepMs())
  }

  #stepMs(): number {
    const next = this.#frames[this.#index]?.atMs ?? 0
    const before = this.#frames[this.#index - 1]?.atMs
    // The first moment of a round follows the last one of the round before at the shortest step.
    const recordedMs = before === undefined ? 0 : next - before
    return Math.min(STEP_MAX_MS, Math.max(STEP_MIN_MS, recordedMs / this.#speed))
  }
}
