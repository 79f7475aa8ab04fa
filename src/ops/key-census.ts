/** Keys by family: a bounded walk once in a while, and what it found for the whole. */
import { isStaleproofError } from '../core/errors.ts'
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
  #isRefused = false
  /** Where the next walk begins: over time each key has its turn. */
  #cursor = '0'
  #countedMs = Number.NEGATIVE_INFINITY

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Undefined where the server refuses it, which is noted. Rejects where there is none. */
  async latest(nowMs: number, withheld: Set<string>): Promise<KeysByFamily | undefined> {
    if (nowMs - this.#countedMs >= everyMs) {
      this.#counted = await this.#unlessRefused()
      this.#countedMs = nowMs
    }
    if (this.#isRefused) withheld.add('scan')
    return this.#counted
  }

  async #unlessRefused(): Promise<KeysByFamily | undefined> {
    this.#isRefused = false
    try {
      return await this.#count()
    } catch (error) {
      if (!isStaleproofError(error, 'SP_REDIS_REFUSED')) throw error
      this.#isRefused = true
      return undefined
    }
  }

  async #count(): Promise<KeysByFamily> {
    const { inspection, keys, namespace } = this.#parts
    const byFamily: Record<string, number> = {}
    const ours = new Set<string>()
    let found = 0
    const isFromStart = this.#cursor === '0'
    let isWhole = false
    for (let steps = 0; steps < stepsMax && !isWhole; steps++) {
      const reply = await inspection.call('scan', this.#cursor, 'count', String(stepPlaces))
      const [next, slots] = isList(reply) ? reply : []
      for (const slot of isList(slots) ? slots : []) {
        found++
        const text = textOf(slot) ?? ''
        if (text.startsWith(`{${namespace}:`) && text.includes('}:k:')) ours.add(text)
      }
      this.#cursor = textOf(next) ?? '0'
      isWhole = isFromStart && this.#cursor === '0'
    }
    for (const slot of ours) {
      const family = keys.read(keyTextIn(slot))?.family ?? '(none)'
      byFamily[family] = (byFamily[family] ?? 0) + 1
    }
    if (isWhole) return { byFamily, isSampled: false }
    const all = numberOf(await inspection.call('dbsize')) ?? found
    const scale = Math.max(1, all / Math.max(1, found))
    const scaled = Object.entries(byFamily).map(([family, count]) => [
      family,
      Math.round(count * scale),
    ])
    return { byFamily: Object.fromEntries(scaled), isSampled: true }
  }
}
