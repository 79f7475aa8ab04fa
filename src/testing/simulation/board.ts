/** Receipts that services pass to each other, as in a header or a cookie. */
import type { Receipt } from '../../core/receipt.ts'
import type { SeededChance } from '../seeded-chance.ts'
import type { Register } from './registers.ts'

export interface Pinned {
  readonly version: number
  readonly token: string
}

/** Of each register; older ones are of no interest. */
const pinnedMax = 3

export class Board {
  readonly #pinned = new Map<string, Pinned[]>()

  pin(all: readonly Register[], versions: readonly number[], { token }: Receipt): void {
    for (const [index, { key }] of all.entries()) {
      const pinned = this.#pinned.get(key) ?? []
      this.#pinned.set(
        key,
        [{ version: versions[index] ?? 0, token }, ...pinned].slice(0, pinnedMax),
      )
    }
  }

  pick(key: string, chance: SeededChance): Pinned | undefined {
    const pinned = this.#pinned.get(key)
    return pinned === undefined ? undefined : chance.pick(pinned)
  }
}
