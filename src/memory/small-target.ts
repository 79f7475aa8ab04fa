/**
 * How many entries the small queue of a family keeps, learned from what comes back after it
 * was evicted, as the lists of ARC adapt (Megiddo and Modha, FAST 2003). An id that comes
 * back as a ghost of small shows that the small queue was too short, one that comes back as
 * a ghost of main that it was too long: the target moves by one. No fixed share is right for
 * all: with a tenth, bursts lose up to 14 points against LRU.
 */
import { Ghosts } from './ghosts.ts'

/** Share of the entries that the small queue begins with. */
const firstShare = 0.1

export interface QueueCounts {
  readonly main: number
  readonly all: number
}

export class SmallTarget {
  readonly #smallGhosts = new Ghosts()
  readonly #mainGhosts = new Ghosts()
  #target = 0

  /** Ids remembered after they were evicted. */
  get ghosts(): number {
    return this.#smallGhosts.count + this.#mainGhosts.count
  }

  /** True: the id was evicted lately. */
  learn(hash: number, { main, all }: QueueCounts): boolean {
    if (this.#smallGhosts.take(hash, main)) {
      this.#target = Math.max(1, Math.min(this.#target + 1, all - 1))
      return true
    }
    if (!this.#mainGhosts.take(hash, all)) return false
    this.#target = Math.max(1, this.#target - 1)
    return true
  }

  evicted(hash: number, from: 'small' | 'main', { main, all }: QueueCounts): void {
    if (from === 'small') this.#smallGhosts.add(hash, main)
    else this.#mainGhosts.add(hash, all)
  }

  /** Entries that the small queue keeps when one of all these has to go. */
  of({ all }: QueueCounts): number {
    if (this.#target === 0) this.#target = Math.max(1, all * firstShare)
    return Math.min(this.#target, all - 1)
  }

  clear(): void {
    this.#smallGhosts.clear()
    this.#mainGhosts.clear()
    this.#target = 0
  }
}
