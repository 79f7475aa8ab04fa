/**
 * Why keys were last not answered from memory or Redis, for `explain`: noted on misses only,
 * and for a bounded number of keys.
 */
import { detached } from '../base/detached.ts'
import type { LastMiss } from '../core/explanation.ts'

/** Keys that are remembered; beyond them the one that missed longest ago is forgotten. */
export const missesMax = 1_000

type Miss = Pick<LastMiss, 'from' | 'why'> & { readonly atMs: number }

export class LastMisses {
  readonly #byKey = new Map<string, Miss>()

  get count(): number {
    return this.#byKey.size
  }

  note(key: string, miss: Miss): void {
    this.#byKey.delete(key)
    // The key of an id that was cut from a long text keeps all of that alive.
    this.#byKey.set(detached(key), miss)
    if (this.#byKey.size <= missesMax) return
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest)
      return
    }
  }

  of(key: string, nowMs: number): LastMiss | undefined {
    const miss = this.#byKey.get(key)
    return miss && { from: miss.from, why: miss.why, agoMs: nowMs - miss.atMs }
  }
}
