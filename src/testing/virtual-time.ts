/**
 * Virtual time: what was to happen happens in the order of its time, and between two of them
 * everything that is ready runs to its end, as between two turns of Node's event loop. Nothing
 * waits for a real clock, so a simulated hour takes as long as its work.
 *
 *   event ──▶ promises settle ──▶ ends of the tick ──▶ promises settle ──▶ next event
 *
 * Promises have settled when a microtask that was queued after them has asked for the end of
 * the real tick: Node runs that only when no microtask is left.
 */
import { Deferred } from '../base/deferred.ts'
import type { Timer } from '../core/contracts/clock.ts'
import { systemClock } from '../system.ts'

/** Steps between two real turns of the event loop, so that it stays responsive. */
const stepsPerTurn = 20_000

interface Due {
  readonly atMs: number
  /** Of two at the same time, the one that was asked for first. */
  readonly order: number
  /** Undefined: cancelled. */
  task: (() => void) | undefined
}

export class VirtualTime {
  #nowMs = 0
  #untilMs = 0
  #orders = 0
  #steps = 0
  #isPumping = false
  #ticks: (() => void)[] = []
  /** A heap: no one is later than the two at twice its place. */
  readonly #due: Due[] = []
  readonly #quiet: Deferred<void>[] = []

  get nowMs(): number {
    return this.#nowMs
  }

  /** How many things have happened. */
  get steps(): number {
    return this.#steps
  }

  /** What is still to happen, cancelled or not. */
  get waiting(): number {
    return this.#due.filter(({ task }) => task !== undefined).length
  }

  /** Runs `task` at a time, not before now. */
  at(ms: number, task: () => void): Timer {
    const due: Due = { atMs: Math.max(ms, this.#nowMs), order: this.#orders++, task }
    this.#push(due)
    if (due.atMs <= this.#untilMs) this.#wake()
    return {
      cancel: () => {
        due.task = undefined
      },
    }
  }

  /** Runs `task` when everything that is ready now has run. */
  endOfTick(task: () => void): void {
    this.#ticks.push(task)
    this.#wake()
  }

  /** Lets time go on; resolves when all that was due until then has happened. */
  advance(ms: number): Promise<void> {
    this.#untilMs += ms
    const quiet = new Deferred<void>()
    this.#quiet.push(quiet)
    this.#wake()
    return quiet.promise
  }

  #wake(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    this.#settle()
  }

  #settle(): void {
    this.#steps++
    if (this.#steps % stepsPerTurn === 0) systemClock.timer(0, this.#step)
    else queueMicrotask(this.#afterPromises)
  }

  readonly #afterPromises = (): void => systemClock.endOfTick(this.#step)

  readonly #step = (): void => {
    const task = this.#next()
    if (task === undefined) {
      this.#isPumping = false
      this.#nowMs = this.#untilMs
      for (const quiet of this.#quiet.splice(0)) quiet.resolve()
      return
    }
    this.#settle()
    task()
  }

  #next(): (() => void) | undefined {
    if (this.#ticks.length > 0) return this.#endTick
    for (;;) {
      const [first] = this.#due
      if (first === undefined || first.atMs > this.#untilMs) return undefined
      this.#pop()
      if (first.task === undefined) continue
      this.#nowMs = first.atMs
      const { task } = first
      first.task = undefined
      return task
    }
  }

  readonly #endTick = (): void => {
    const tasks = this.#ticks
    this.#ticks = []
    for (const task of tasks) task()
  }

  #push(due: Due): void {
    const heap = this.#due
    let place = heap.length
    heap.push(due)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, due)) break
      heap[place] = parent
      place = above
    }
    heap[place] = due
  }

  #pop(): void {
    const heap = this.#due
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      const left = heap[2 * place + 1]
      const right = heap[2 * place + 2]
      const isRight = right !== undefined && left !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (child === undefined || isBefore(last, child)) break
      heap[place] = child
      place = 2 * place + (isRight ? 2 : 1)
    }
    heap[place] = last
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
}
