/**
 * Keys that something has happened to lately (`activity`): until their time is up, their
 * values live the shorter TTL of the family.
 */
import { dropOldest } from '../base/drop-oldest.ts'

/** Beyond it the key marked first is forgotten, and has the longer TTL again. */
export const hotKeysMax = 10_000

export class HotKeys {
  readonly #untilMs = new Map<string, number>()

  get count(): number {
    return this.#untilMs.size
  }

  mark(key: string, untilMs: number): void {
    const laterMs = Math.max(untilMs, this.#untilMs.get(key) ?? 0)
    this.#untilMs.delete(key)
    if (this.#untilMs.size >= hotKeysMax) dropOldest(this.#untilMs)
    this.#untilMs.set(key, laterMs)
  }

  isHot(key: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(key)
    if (untilMs === undefined) return false
    if (nowMs < untilMs) return true
    this.#untilMs.delete(key)
    return false
  }
}
