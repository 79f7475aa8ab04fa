/** Evictions an hour, from a counter that is read every few seconds. */

const windowMs = 3_600_000
/** Notes are this far apart, so that an hour has a bounded number of them. */
const noteEveryMs = 60_000
const spanMsMin = 60_000

export class EvictionRate {
  readonly #notes: { readonly atMs: number; readonly evicted: number }[] = []

  /** Of the last hour, or of as much of it as is known; undefined: too early to say. */
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
