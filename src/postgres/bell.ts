/** A pause that can be cut short; rung while nobody waits, it cuts the next one. */
import type { Clock } from '../core/contracts/clock.ts'

export class Bell {
  readonly #clock: Clock
  #isRung = false
  #wake: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ring(): void {
    this.#isRung = true
    this.#wake()
  }

  /** One at a time. */
  async wait(ms: number): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        const timer = this.#clock.timer(ms, resolve)
        this.#wake = () => {
          timer.cancel()
          resolve()
        }
      })
    }
    this.#isRung = false
  }
}
