/** Keys by family: a bounded walk once in a while, and what it found for the whole. */
import { isList, numberOf, textOf } from '../inspect/index.ts'
import { keyTextIn } from './redis-key-index.ts'
import type { KeysByFamily } from './server-figures.ts'
import type { WatchParts } from './server-watch.ts'

const everyMs = 60_000
const stepsMax = 20
const stepPlaces = 500

export class KeyCensus {
  readonly #parts: WatchParts
  #counted: KeysByFamily | undefined
  #countedMs = Number.NEGATIVE_INFINITY

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Rejects with the error of the connection. */
  async latest(nowMs: number): Promise<KeysByFamily | undefined> {
    if (nowMs - this.#countedMs < everyMs) return this.#counted
    this.#counted = await this.#count()
    this.#countedMs = nowMs
    return this.#counted
  }

  async #count(): Promise<KeysByFamily> {
    const { inspection, keys, namespace } = this.#parts
    const byFamily: Record<string, number> = {}
    const seen = new Set<string>()
    let cursor = '0'
    let steps = 0
    do {
      const reply = await inspection.call('scan', cursor, 'count', String(stepPlaces))
      const [next, found] = isList(reply) ? reply : []
      for (const slot of isList(found) ? found : []) seen.add(textOf(slot) ?? '')
      cursor = textOf(next) ?? '0'
      steps++
    } while (cursor !== '0' && steps < stepsMax)
    for (const slot of seen) {
      if (!slot.startsWith(`{${namespace}:`) || !slot.includes('}:k:')) continue
      const family = keys.read(keyTextIn(slot))?.family ?? '(none)'
      byFamily[family] = (byFamily[family] ?? 0) + 1
    }
    if (cursor === '0') return { byFamily, isSampled: false }
    const all = numberOf(await inspection.call('dbsize')) ?? seen.size
    const scale = Math.max(1, all / Math.max(1, seen.size))
    const scaled = Object.entries(byFamily).map(([family, count]) => [
      family,
      Math.round(count * scale),
    ])
    return { byFamily: Object.fromEntries(scaled), isSampled: true }
  }
}
