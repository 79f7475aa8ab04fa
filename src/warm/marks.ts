/**
 * Which values were loaded ahead, and whether anybody has read them. A read is served by a mark
 * if the age of its value says that it was born when the mark was: another load since, by
 * whichever process, has a value of its own.
 */
import type { Access } from './access.ts'
import type { Preloaded } from './preload.ts'

/** Ages of values from Redis are off by up to a transfer. */
const toleranceMs = 50

interface Mark {
  readonly bornMs: number
  isUsed: boolean
}

export class Marks {
  readonly #most: number
  /** The oldest first. */
  readonly #marks = new Map<string, Mark>()
  #made = 0
  #used = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Values that were loaded ahead, and those of them that somebody has read. */
  get made(): number {
    return this.#made
  }

  get used(): number {
    return this.#used
  }

  /** Ends what was known of the same key. */
  add({ key, bornMs }: Pick<Preloaded, 'key' | 'bornMs'>): void {
    this.#made++
    this.#marks.delete(key)
    this.#marks.set(key, { bornMs, isUsed: false })
    if (this.#marks.size <= this.#most) return
    for (const oldest of this.#marks.keys()) {
      this.#marks.delete(oldest)
      return
    }
  }

  /** Whether a read had what was loaded ahead, and whether it was the first. */
  served({ key, outcome, atMs }: Access): 'no' | 'first' | 'again' {
    const mark = this.#marks.get(key)
    if (mark === undefined || outcome === undefined || outcome.from === 'none') return 'no'
    if (Math.abs(atMs - outcome.ageMs - mark.bornMs) > toleranceMs) return 'no'
    if (mark.isUsed) return 'again'
    mark.isUsed = true
    this.#used++
    return 'first'
  }
}
