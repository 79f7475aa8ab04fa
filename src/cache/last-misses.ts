/**
 * Why keys were last not answered from memory or Redis, for `explain`: the last misses, whatever
 * their keys. Noted on each miss and hardly ever asked for, so it is the asking that searches.
 */
import { quicklyDetached } from '../base/detached.ts'
import type { LastMiss } from '../core/explanation.ts'

/** Misses that are remembered; beyond them the oldest is forgotten. */
export const missesMax = 1_000

type Miss = Pick<LastMiss, 'from' | 'why'> & { readonly atMs: number }

export class LastMisses {
  // Columns: objects would be moved by each collection until they are forgotten.
  readonly #keys: string[] = []
  readonly #froms: Miss['from'][] = []
  readonly #whys: Miss['why'][] = []
  readonly #atMs = new Float64Array(missesMax)
  #next = 0

  get count(): number {
    return this.#keys.length
  }

  note(key: string, { from, why, atMs }: Miss): void {
    const at = this.#next
    // The key of an id that was cut from a long text keeps all of that alive.
    this.#keys[at] = quicklyDetached(key)
    this.#froms[at] = from
    this.#whys[at] = why
    this.#atMs[at] = atMs
    this.#next = at + 1 === missesMax ? 0 : at + 1
  }

  of(key: string, nowMs: number): LastMiss | undefined {
    for (let back = 1; back <= this.count; back++) {
      const at = (this.#next - back + missesMax) % missesMax
      const [from, why] = [this.#froms[at], this.#whys[at]]
      if (this.#keys[at] !== key || from === undefined || why === undefined) continue
      return { from, why, agoMs: nowMs - (this.#atMs[at] ?? nowMs) }
    }
    return undefined
  }
}
