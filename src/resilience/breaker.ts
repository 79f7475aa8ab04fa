/**
 * A breaker that callers never wait for: it opens after a few failures in a row, and
 * while it is open only background beats try the server (CONTRACT 12). It is ours,
 * forty lines, because cockatiel reads the clock itself and lets the next caller be
 * the trial.
 *
 *   closed ──failuresMax in a row──▶ open ──a trial succeeds──▶ closed
 */
export class Breaker {
  readonly #failuresMax: number
  readonly #onChange: (isOpen: boolean) => void
  #failures = 0
  #isOpen = false

  constructor(failuresMax: number, onChange: (isOpen: boolean) => void) {
    this.#failuresMax = failuresMax
    this.#onChange = onChange
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  failed(): void {
    this.#failures++
    if (this.#failures >= this.#failuresMax) this.#turn(true)
  }

  succeeded(): void {
    this.#failures = 0
    this.#turn(false)
  }

  #turn(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return
    this.#isOpen = isOpen
    this.#onChange(isOpen)
  }
}
