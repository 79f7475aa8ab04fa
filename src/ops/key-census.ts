/** Keys by family: a bounded walk once in a while, and what it found for the whole. */
import { isStaleproofError } from '../core/errors.ts'
import { isList, numberOf, textOf } from '../inspect/index.ts'
import type { WatchNode } from './node-look.ts'
import { keyTextIn } from './redis-key-index.ts'
import type { KeysByFamily } from './server-figures.ts'
import type { WatchParts } from './server-watch.ts'

const everyMs = 60_000
/** Of all nodes together. */
const stepsMax = 20
const stepPlaces = 500

/** A node, by the name that the Cluster has for it. */
export interface CensusNode {
  readonly id: string
  readonly node: Pick<WatchNode, 'call'>
}

export class KeyCensus {
  readonly #parts: Pick<WatchParts, 'keys' | 'namespace'>
  #counted: KeysByFamily | undefined
  #isRefused = false
  /** Where the next walk of a node begins: over time each key has its turn. */
  #cursors: ReadonlyMap<string, string> = new Map()
  #countedMs = Number.NEGATIVE_INFINITY

  constructor(parts: Pick<WatchParts, 'keys' | 'namespace'>) {
    this.#parts = parts
  }

  /**
   * Of all nodes. Undefined where one refuses it, which is noted. Rejects where one is lost, and
   * counts anew when asked again.
   */
  async latest(
    nowMs: number,
    nodes: readonly CensusNode[],
    withheld: Set<string>,
  ): Promise<KeysByFamily | undefined> {
    if (nowMs - this.#countedMs >= everyMs) {
      this.#counted = await this.#unlessRefused(nodes)
      this.#countedMs = nowMs
    }
    if (this.#isRefused) withheld.add('scan')
    return this.#counted
  }

  async #unlessRefused(nodes: readonly CensusNode[]): Promise<KeysByFamily | undefined> {
    this.#isRefused = false
    try {
      return await this.#count(nodes)
    } catch (error) {
      if (!isStaleproofError(error, 'SP_REDIS_REFUSED')) throw error
      this.#isRefused = true
      return undefined
    }
  }

  async #count(nodes: readonly CensusNode[]): Promise<KeysByFamily> {
    const steps = Math.max(1, Math.floor(stepsMax / nodes.length))
    const byFamily: Record<string, number> = {}
    const cursors = new Map<string, string>()
    let isSampled = false
    for (const { id, node } of nodes) {
      const from = this.#cursors.get(id) ?? '0'
      const walk = await this.#walk(node, from, steps)
      cursors.set(id, walk.cursor)
      isSampled ||= walk.isSampled
      for (const [family, count] of Object.entries(walk.byFamily)) {
        byFamily[family] = (byFamily[family] ?? 0) + count
      }
    }
    this.#cursors = cursors
    return { byFamily, isSampled }
  }

  async #walk(
    node: CensusNode['node'],
    from: string,
    stepsMost: number,
  ): Promise<KeysByFamily & { readonly cursor: string }> {
    const ours = new Set<string>()
    let [cursor, found, isWhole] = [from, 0, false]
    for (let steps = 0; steps < stepsMost && !isWhole; steps++) {
      const reply = await node.call('scan', cursor, 'count', String(stepPlaces))
      const [next, slots] = isList(reply) ? reply : []
      for (const slot of isList(slots) ? slots : []) {
        found++
        const text = textOf(slot) ?? ''
        if (this.#isOurs(text)) ours.add(text)
      }
      cursor = textOf(next) ?? '0'
      isWhole = from === '0' && cursor === '0'
    }
    if (isWhole) return { byFamily: this.#families(ours, 1), isSampled: false, cursor }
    const all = numberOf(await node.call('dbsize')) ?? found
    const scale = Math.max(1, all / Math.max(1, found))
    return { byFamily: this.#families(ours, scale), isSampled: true, cursor }
  }

  #isOurs(slot: string): boolean {
    return slot.startsWith(`{${this.#parts.namespace}:`) && slot.includes('}:k:')
  }

  #families(slots: ReadonlySet<string>, scale: number): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const slot of slots) {
      const family = this.#parts.keys.read(keyTextIn(slot))?.family ?? '(none)'
      counts[family] = (counts[family] ?? 0) + 1
    }
    const scaled = Object.entries(counts).map(([family, count]) => {
      return [family, Math.round(count * scale)]
    })
    return Object.fromEntries(scaled)
  }
}
