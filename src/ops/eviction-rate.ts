/** Evictions an hour of all nodes together, from counters that are read every few seconds. */
import { sumOf } from '../inspect/index.ts'

const windowMs = 3_600_000
/** Notes are this far apart, so that an hour has a bounded number of them. */
const noteEveryMs = 60_000
const spanMsMin = 60_000

export class EvictionRates {
  #rates: ReadonlyMap<string, EvictionRate> = new Map()

  /**
   * By node; undefined: one has not said, or it is too early to say. A node that is not among
   * them has left, and is forgotten.
   */
  note(atMs: number, evicted: ReadonlyMap<string, number | undefined>): number | undefined {
    const rates = new Map<string, EvictionRate>()
    const perHour = [...evicted].map(([id, count]) => {
      const rate = this.#rates.get(id) ?? new EvictionRate()
      rates.set(id, rate)
      return rate.note(atMs, count)
    })
    this.#rates = rates
    return sumOf(perHour)
  }
}

/** Of one node: its counter goes on while nobody hears of it. */
class EvictionRate {
  readonly #notes: { readonly atMs: number; readonly evicted: number }[] = []

  /** Of the last hour, or of as much of it as is known. */
  note(atMs: number, evicted: number | undefined): number | undefined {
    if (evicted === undefined) return undefined
    const last = this.#notes.at(-1)
    // A counter that falls is another server's.
    if (last !== undefined && evicted < last.evicted) this.#notes.length = 0
    if (last === undefined || atMs - last.atMs >= noteEveryMs) this.#notes.push({ atMs, evicted })
    while (this.#notes[1] !== undefined && atMs - this.#notes[1].atMs >= windowMs) {
      this.#notes.shift()
    }
    const [first] = this.#notes
    if (first === undefined || atMs - first.atMs < spanMsMin) return undefined
    return ((evicted - first.evicted) * windowMs) / (atMs - first.atMs)
  }
}
