/**
 * Writes down what is read, as a trace that `staleproof replay` takes: `timestamp_s,key,size,
 * op,ttl,client`. Ids and groups become numbers in the order of their first appearance, so that
 * a trace tells how a system is read and nothing of who reads it; sizes are left open.
 */
import { type AttributedListener, attributed } from './attributed.ts'
import type { WarmedCache, Warmer } from './warmer.ts'

/** Lines of one trace; what comes later is not written. */
export const recordedMax = 1_000_000
/** Keys of one trace, and groups; those that come later are not written. */
export const recordedNamesMax = 100_000

export const traceHeader = 'timestamp_s,key,size,op,ttl,client'

class Numbers {
  readonly #known = new Map<string, number>()

  /** Undefined: there is no room for another one. */
  of(name: string): number | undefined {
    const known = this.#known.get(name)
    if (known !== undefined || this.#known.size === recordedNamesMax) return known
    this.#known.set(name, this.#known.size)
    return this.#known.size - 1
  }
}

/** What `recordAccesses` takes. */
export interface RecordOptions {
  /** Takes one line, the header first. */
  readonly write: (line: string) => void
  /**
   * The group that a read belongs to, such as a user; called where the read is made. Default:
   * that of the warmer. With it, reads that are only noted are left out.
   */
  readonly who?: (() => string | undefined) | undefined
}

/**
 * Hands on each read as a line; returns what ends it.
 *
 * @example
 * const end = recordAccesses(warmer, { write: (line) => file.write(`${line}\n`) })
 */
export function recordAccesses(warmer: Warmer, { write, who }: RecordOptions): () => void {
  write(traceHeader)
  return warmer.accesses(attributed(who, listenerOf(warmer.cache, write)))
}

function listenerOf(cache: WarmedCache, write: (line: string) => void): AttributedListener {
  const [keys, groups] = [new Numbers(), new Numbers()]
  let startedMs: number | undefined
  let lines = 0
  return ({ family, key, atMs }, who) => {
    const keyNumber = keys.of(key)
    const client = who === undefined ? '' : groups.of(who)
    if (keyNumber === undefined || client === undefined || lines === recordedMax) return
    lines++
    startedMs ??= atMs
    const seconds = ((atMs - startedMs) / 1_000).toFixed(3)
    const ttl = cache.family(family).ttlMs / 1_000
    write(`${seconds},${family}:${keyNumber},,get,${ttl},${client}`)
  }
}
