/**
 * What a predictor gains on a trace: the memory of `openCache` without and with the engine that
 * `openPredictor` uses. Preloads take time, counted in accesses: reads that come meanwhile pass
 * without them, as they do in a running system. What a reader loads is there at once, so only
 * what prediction adds is told apart.
 */
import type { Region } from '../../core/contracts/memory.ts'
import { AdaptiveMemory } from '../../memory/index.ts'
import { PredictorEngine, type PredictorState } from '../../warm/index.ts'
import { bytesMax, entry, ownOf } from './policies.ts'
import type { Trace } from './trace.ts'

/** Accesses that pass until a preload is there. */
export const distances = [0, 5, 20] as const

/** One trace, one size and one distance. */
export interface Prediction {
  readonly trace: string
  readonly fraction: number
  readonly capacity: number
  readonly distance: number
  /** From 0 to 1, without the predictor and with it. */
  readonly hitRatio: number
  readonly hitRatioPredicted: number
  readonly preloads: number
  /** Of them, those that were read while they were there, and those that were read before. */
  readonly used: number
  readonly late: number
  /** `used` of `preloads`; absent: there were none. */
  readonly precision?: number | undefined
  /** Loads with it, by readers and ahead of them, in loads without it. */
  readonly originLoad: number
  /** Of the guard, at the end; the share of accesses at which it was on; how often it changed. */
  readonly state: PredictorState
  readonly onShare: number
  readonly switches: number
}

interface Item {
  readonly key: number
}

interface Underway {
  readonly item: Item
  /** The first access that it is there for. */
  readonly dueAt: number
}

export interface PredictedSize {
  readonly fraction: number
  readonly capacity: number
  readonly distance: number
}

const ever = Number.POSITIVE_INFINITY

export class PredictedReplay {
  readonly #trace: Trace
  readonly #size: PredictedSize
  readonly #without: (at: number) => boolean
  readonly #region: Region
  readonly #items: readonly Item[]
  readonly #engine: PredictorEngine<Item>
  readonly #underway = new Map<number, Underway>()
  #hits = 0
  #hitsWithout = 0
  #loads = 0
  #onCount = 0

  constructor(trace: Trace, size: PredictedSize) {
    const { capacity } = size
    this.#trace = trace
    this.#size = size
    this.#without = ownOf(trace, capacity, undefined)
    this.#region = new AdaptiveMemory({ bytesMax, entriesMax: capacity }).region('trace')
    this.#items = Array.from({ length: trace.keyCount }, (_, key) => ({ key }))
    this.#engine = new PredictorEngine({
      isHeld: ({ key }) => this.#region.find(key) !== -1,
      livesMs: () => ever,
    })
  }

  /** Positions come in order. */
  read(at: number): void {
    if (this.#without(at)) this.#hitsWithout++
    this.#arrive(at)
    const key = this.#trace.keys[at] ?? 0
    const isHit = this.#serve(key)
    if (this.#engine.state === 'on') this.#onCount++
    if (!isHit) this.#engine.took(this.#size.distance)
    const item = this.#items[key] ?? { key }
    const session = this.#trace.clients?.[at]
    const [result, bornMs] = isHit ? (['hit', 0] as const) : (['miss', undefined] as const)
    for (const wanted of this.#engine.read({ item, session, atMs: at, result, bornMs })) {
      this.#loads++
      const dueAt = at + this.#size.distance + 1
      this.#underway.set(wanted.key, { item: wanted, dueAt })
    }
  }

  result(): Prediction {
    const { keys, name: trace } = this.#trace
    const { preloads, used, late, state, switches } = this.#engine.report()
    const accesses = keys.length
    return {
      trace,
      ...this.#size,
      hitRatio: this.#hitsWithout / accesses,
      hitRatioPredicted: this.#hits / accesses,
      preloads,
      used,
      late,
      precision: preloads === 0 ? undefined : used / preloads,
      originLoad: this.#loads / (accesses - this.#hitsWithout),
      state,
      onShare: this.#onCount / accesses,
      switches,
    }
  }

  #arrive(at: number): void {
    for (const { item, dueAt } of this.#underway.values()) {
      if (dueAt > at) return
      this.#underway.delete(item.key)
      this.#region.put(item.key, entry, 0)
      this.#engine.arrived(item, { readyMs: at - 1, untilMs: ever, bornMs: 0 })
    }
  }

  /** True: it was held. Who asks for what is underway shares its load. */
  #serve(key: number): boolean {
    const slot = this.#region.find(key)
    if (slot !== -1) {
      this.#region.touch(slot)
      this.#hits++
      return true
    }
    if (!this.#underway.delete(key)) this.#loads++
    this.#region.put(key, entry, 0)
    return false
  }
}
