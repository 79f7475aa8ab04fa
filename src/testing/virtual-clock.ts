/**
 * The clock of one process in virtual time. It may be wrong in every way that clocks are:
 * started at another moment, too fast or too slow, its wall time skewed and stepping. The
 * process can be paused, as by SIGSTOP or a long collection of garbage: what reaches it
 * meanwhile is held and happens when it goes on, while its clock went on all the time.
 */
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { VirtualTime } from './virtual-time.ts'

export interface VirtualClockOptions {
  /** Shared by all processes that meet. Default: a time of its own. */
  readonly time?: VirtualTime
  /** What `now` says when time begins. Default 0. */
  readonly offsetMs?: number
  /** Milliseconds that it counts in one. Default 1. */
  readonly rate?: number
  /** What `wallMs` says when time begins. Default: the first of January 2026. */
  readonly wallMs?: number
}

/** Timers and sockets: each keeps its order, but not with the others. */
export type Stream = 'timers' | 'commands' | 'bus' | 'others'

interface Held {
  readonly stream: Stream
  readonly task: () => void
}

const wallMsDefault = Date.UTC(2026, 0, 1)
/** A timer never fires early, whatever rounding does to the time that it is due. */
const roundingMs = 1e-6

export class VirtualClock implements Clock {
  readonly time: VirtualTime
  readonly #offsetMs: number
  readonly #rate: number
  #wallMs: number
  #held: Held[] | undefined
  #hasEnded = false

  constructor(options: VirtualClockOptions = {}) {
    this.time = options.time ?? new VirtualTime()
    this.#offsetMs = options.offsetMs ?? 0
    this.#rate = options.rate ?? 1
    this.#wallMs = options.wallMs ?? wallMsDefault
  }

  now(): number {
    return this.#offsetMs + this.time.nowMs * this.#rate
  }

  wallMs(): number {
    return this.#wallMs + this.time.nowMs * this.#rate
  }

  timer(delayMs: number, task: () => void): Timer {
    const atMs = this.time.nowMs + Math.max(0, delayMs) / this.#rate + roundingMs
    let isCancelled = false
    const due = this.time.at(atMs, () => this.receive(() => isCancelled || task(), 'timers'))
    return {
      cancel: () => {
        isCancelled = true
        due.cancel()
      },
    }
  }

  endOfTick(task: () => void): void {
    this.time.endOfTick(() => this.receive(task))
  }

  /** Lets time go on for everybody; resolves when all that was due has happened. */
  advance(ms: number): Promise<void> {
    return this.time.advance(ms)
  }

  /** The wall clock steps; the monotonic one does not. */
  stepWall(ms: number): void {
    this.#wallMs += ms
  }

  get isPaused(): boolean {
    return this.#held !== undefined
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  pause(): void {
    if (!this.#hasEnded) this.#held ??= []
  }

  /** `pick` chooses whose turn it is among so many streams; by default that of the first held. */
  resume(pick: (streams: number) => number = () => 0): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const { task, stream } of shuffled(held, pick)) {
      this.time.at(this.time.nowMs, () => this.receive(task, stream))
    }
  }

  /** The process is killed: nothing of it happens any more. */
  end(): void {
    this.#hasEnded = true
    this.#held = undefined
  }

  /** Something reaches the process from outside. */
  receive(task: () => void, stream: Stream = 'others'): void {
    if (this.#hasEnded) return
    if (this.#held === undefined) task()
    else this.#held.push({ stream, task })
  }
}

function* shuffled(held: readonly Held[], pick: (streams: number) => number): Generator<Held> {
  const streams = new Map<Stream, Held[]>()
  for (const one of held) streams.set(one.stream, [...(streams.get(one.stream) ?? []), one])
  while (streams.size > 0) {
    const [stream, line] = [...streams][pick(streams.size)] ?? []
    const next = line?.shift()
    if (next !== undefined) yield next
    if (stream !== undefined && line?.length === 0) streams.delete(stream)
  }
}
