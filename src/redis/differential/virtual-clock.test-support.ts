import type { Clock } from '../../core/contracts/clock.ts'

/** With a fraction, so that whole milliseconds are told from exact time. */
const START_MS = 1_763_640_000_123.457

/** Virtual time; what was put off to the end of the tick runs when told. */
export class VirtualClock implements Clock {
  #nowMs = START_MS
  #tasks: (() => void)[] = []

  readonly now = (): number => this.#nowMs
  readonly wallMs = (): number => this.#nowMs
  readonly endOfTick = (task: () => void): void => {
    this.#tasks.push(task)
  }
  timer(): never {
    throw new Error('expected no timer')
  }
  advance(byMs: number): void {
    this.#nowMs += byMs
  }
  endTick(): void {
    const tasks = this.#tasks
    this.#tasks = []
    for (const task of tasks) task()
  }
}
