/**
 * Loads again what has just been invalidated, or was said to have changed: those of one moment
 * together, and no key more often than once in a pause, however fast it changes.
 */
import { pause } from './pause.ts'
import type { Preloaded } from './preload.ts'
import type { Warmer } from './warmer.ts'

/** Keys that wait; more are left to their readers. */
export const wantedMax = 1_000
/** What is said within it is loaded together. */
const gatherMs = 20

export interface Wanted {
  readonly family: string
  readonly id: unknown
  /** Whatever is there. */
  readonly anew: boolean
}

export interface ReloaderParts {
  readonly warmer: Pick<Warmer, 'clock' | 'preload'>
  readonly pauseMs: number
  /** Ends it. */
  readonly signal: AbortSignal
  readonly onLoaded: (family: string, values: readonly Preloaded[]) => void
}

export class Reloader {
  readonly #parts: ReloaderParts
  #wanted = new Map<string, Wanted>()
  #dropped = 0
  #running: Promise<void> | undefined

  constructor(parts: ReloaderParts) {
    this.#parts = parts
  }

  /** Keys that there was no room for. */
  get dropped(): number {
    return this.#dropped
  }

  want(key: string, wanted: Wanted): void {
    if (this.#parts.signal.aborted) return
    const known = this.#wanted.get(key)
    if (known === undefined && this.#wanted.size >= wantedMax) {
      this.#dropped++
      return
    }
    this.#wanted.set(key, known?.anew ? known : wanted)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing of it is under way. */
  async ended(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    const { warmer, pauseMs, signal } = this.#parts
    await pause(warmer.clock, gatherMs, signal)
    while (this.#wanted.size > 0 && !signal.aborted) {
      const batch = [...this.#wanted.values()]
      this.#wanted = new Map()
      for (const group of alike(batch)) await this.#load(group)
      await pause(warmer.clock, pauseMs, signal)
    }
    this.#running = undefined
  }

  async #load({ family, anew, ids }: Alike): Promise<void> {
    const { warmer, signal, onLoaded } = this.#parts
    // What is no id was refused when it was wanted; a cache that is closed has nobody to serve.
    const result = await warmer
      .preload({ family, ids, anew, signal, urgent: true })
      .catch(() => undefined)
    if (result !== undefined) onLoaded(family, result.values)
  }
}

interface Alike {
  readonly family: string
  readonly anew: boolean
  readonly ids: unknown[]
}

function alike(batch: readonly Wanted[]): Iterable<Alike> {
  const groups = new Map<string, Alike>()
  for (const { family, id, anew } of batch) {
    const name = `${family} ${anew}`
    const group = groups.get(name) ?? { family, anew, ids: [] }
    group.ids.push(id)
    groups.set(name, group)
  }
  return groups.values()
}
