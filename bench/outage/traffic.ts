/**
 * So many requests a second, whether earlier ones have been answered or not, as clients send
 * them; and a source whose own times are known. Most requests are for a few keys that are
 * cached, the others each for a key that nobody has asked for before.
 */
import { setTimeout as pause } from 'node:timers/promises'

export interface Phase {
  /** Of requests that began in it, in milliseconds. */
  readonly getsMs: readonly number[]
  /** Of calls of the source that began in it. */
  readonly callsMs: readonly number[]
  readonly failures: number
  /** Most calls that waited for their turn. */
  readonly waitingMax: number
}

export interface TrafficOptions {
  readonly perSecond: number
  readonly get: (key: string) => Promise<unknown>
  readonly waiting: () => number
}

const hotKeys = 200
const newShare = 0.2
const tickMs = 5
/** Of the source: most calls take about 20 ms, one in a hundred 40. */
const sourceMs = { usual: 18, spread: 4, rare: 40 }

export class Traffic {
  readonly #options: TrafficOptions
  #phase = { getsMs: [] as number[], callsMs: [] as number[], failures: 0, waitingMax: 0 }
  #newKeys = 0
  #turn = 0

  constructor(options: TrafficOptions) {
    this.#options = options
  }

  /** The source that the cache is opened with. */
  readonly load = async (key: string): Promise<string> => {
    const phase = this.#phase
    const startMs = performance.now()
    await pause(this.#sourceMs())
    phase.callsMs.push(performance.now() - startMs)
    return `value of ${key}`
  }

  /** Goes on for so long, and waits for its last requests. */
  async run(ms: number): Promise<Phase> {
    const phase = { getsMs: [] as number[], callsMs: [] as number[], failures: 0, waitingMax: 0 }
    this.#phase = phase
    const asked: Promise<void>[] = []
    const startMs = performance.now()
    let sent = 0
    while (performance.now() - startMs < ms) {
      const due = Math.floor(((performance.now() - startMs) / 1_000) * this.#options.perSecond)
      for (; sent < due; sent++) asked.push(this.#ask(phase))
      phase.waitingMax = Math.max(phase.waitingMax, this.#options.waiting())
      await pause(tickMs)
    }
    await Promise.all(asked)
    return phase
  }

  async #ask(phase: { readonly getsMs: number[]; failures: number }): Promise<void> {
    const startMs = performance.now()
    try {
      await this.#options.get(this.#nextKey())
      phase.getsMs.push(performance.now() - startMs)
    } catch {
      phase.failures++
    }
  }

  #nextKey(): string {
    this.#turn++
    const isNew = this.#turn % Math.round(1 / newShare) === 0
    return isNew ? `new-${this.#newKeys++}` : `hot-${(this.#turn * 7) % hotKeys}`
  }

  #sourceMs(): number {
    const { usual, spread, rare } = sourceMs
    return this.#turn % 100 === 0 ? rare : usual + (this.#turn % 10) * (spread / 10)
  }
}
