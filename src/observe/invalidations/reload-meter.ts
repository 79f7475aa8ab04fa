/**
 * How much of what was invalidated is loaded again as it had been: collateral. A process
 * remembers what it has loaded of some keys, and compares when one that an invalidation named
 * is loaded anew. One that was reached by a tag or with its family is not known by name, and
 * that its slot is void says nothing: a restart of Redis makes all of them void. A value that
 * another process loaded meanwhile is not compared with.
 */
import { crc16 } from '../../base/crc16.ts'
import { hash48 } from '../../base/hash.ts'
import type { CacheEvent, InvalidateEvent, Observer, ReadEvent } from '../../core/outcome.ts'

export interface ReloadCounts {
  /** Loads of remembered keys after a message of an invalidation that named them. */
  readonly reloads: number
  /** Those of them that gave what was there before. */
  readonly unchanged: number
}

/** One key of so many: to read through every value that is loaded would cost too much. */
const keysPerSample = 16
/** The oldest is forgotten for a new one. */
export const rememberedMax = 1_000
/** A larger value is not looked at: that would take longer than it is worth. */
const charactersMax = 100_000

interface Remembered {
  readonly digest: string
  isInvalidated: boolean
}

export class ReloadMeter implements Observer {
  readonly #keysPerSample: number
  readonly #remembered = new Map<string, Remembered>()
  #reloads = 0
  #unchanged = 0

  constructor(options: { readonly keysPerSample?: number } = {}) {
    this.#keysPerSample = options.keysPerSample ?? keysPerSample
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#remembered.size
  }

  notify(event: CacheEvent): void {
    if (event.kind === 'read') this.#read(event)
    else if (event.kind === 'invalidate') this.#mark(event)
    else if (event.kind === 'set') this.#remembered.delete(event.key)
  }

  counts(): ReloadCounts {
    return { reloads: this.#reloads, unchanged: this.#unchanged }
  }

  #read({ key, outcome }: ReadEvent): void {
    if (outcome.from === 'redis' && outcome.why !== 'revalidated') this.#remembered.delete(key)
    if (outcome.from !== 'source' || crc16(key) % this.#keysPerSample !== 0) return
    const before = this.#remembered.get(key)
    const digest = digestOf(outcome.value)
    this.#remembered.delete(key)
    if (digest === undefined) return
    if (before?.isInvalidated) {
      this.#reloads++
      if (before.digest === digest) this.#unchanged++
    }
    this.#remember(key, digest)
  }

  #remember(key: string, digest: string): void {
    this.#remembered.set(key, { digest, isInvalidated: false })
    if (this.#remembered.size <= rememberedMax) return
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined) this.#remembered.delete(oldest)
  }

  /** By the message: a call ends later, when the key may be loaded again already. */
  #mark({ via, keys }: InvalidateEvent): void {
    if (via !== 'message') return
    for (const name of keys) {
      const known = this.#remembered.get(name)
      if (known !== undefined) known.isInvalidated = true
    }
  }
}

/** Undefined: too large, or nothing that JSON tells apart. */
function digestOf(value: unknown): string | undefined {
  let left = charactersMax
  const bounded = (_name: string, part: unknown): unknown => {
    left -= typeof part === 'string' ? part.length : 8
    if (left < 0) throw new RangeError('too large')
    if (part instanceof Map || part instanceof Set) throw new TypeError('not JSON')
    return part
  }
  try {
    return hash48(JSON.stringify(value, bounded) ?? 'absent')
  } catch {
    // It takes no part in a count of samples.
    return undefined
  }
}
