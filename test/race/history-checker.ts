/**
 * Judges what clients saw against what was promised, from a history of registers whose
 * versions only rise. It knows nothing of the cache and shares no code with it.
 *
 * A read that was invoked at i may return any version from W on, where W is the highest
 * version of which the invalidation had resolved before i − bound. The bound is Δ(1+ρ) for
 * what came from memory or was shared with another caller, else 0. A read that carried a
 * receipt returns at least its version, and a process never goes back behind a write that it
 * has itself invalidated. No read returns what nobody had begun to write.
 */

interface Operation {
  readonly process: string
  readonly key: string
  /** CLOCK_MONOTONIC of the host, in milliseconds. */
  readonly invokedMs: number
  readonly returnedMs: number
  readonly version: number
  /** For people: how it was done, and where an answer came from. */
  readonly note: string
}

export interface ReadOperation extends Operation {
  readonly kind: 'read'
  /** May the answer lag by the bound of memory? */
  readonly isFromMemory: boolean
  /** The version of the write whose receipt it carried. */
  readonly afterVersion: number | undefined
}

export interface WriteOperation extends Operation {
  readonly kind: 'write'
  /** When its invalidation had resolved; undefined: it was refused as pending. */
  readonly resolvedMs: number | undefined
}

export type HistoryOperation = ReadOperation | WriteOperation

export interface Violation {
  readonly rule: 'bound' | 'receipt' | 'own write' | 'from nowhere'
  readonly read: ReadOperation
  /** The lowest version that the read could have returned; the highest for `from nowhere`. */
  readonly expected: number
}

/** `memoryBoundMs` is Δ(1+ρ) and an allowance for the rounding of times. */
export function checkHistory(
  history: readonly HistoryOperation[],
  memoryBoundMs: number,
): readonly Violation[] {
  return byKey(history).flatMap((operations) => checkKey(operations, memoryBoundMs))
}

function byKey(history: readonly HistoryOperation[]): readonly (readonly HistoryOperation[])[] {
  const groups = new Map<string, HistoryOperation[]>()
  for (const operation of history) {
    const group = groups.get(operation.key)
    if (group === undefined) groups.set(operation.key, [operation])
    else group.push(operation)
  }
  return [...groups.values()]
}

function checkKey(operations: readonly HistoryOperation[], memoryBoundMs: number): Violation[] {
  const writes = operations.filter((each) => each.kind === 'write')
  const resolved = new Staircase(writes.map((write) => [write.resolvedMs, write.version]))
  const begun = new Staircase(writes.map((write) => [write.invokedMs, write.version]))
  const ownOf = new Map<string, Staircase>()
  for (const { process } of operations) {
    if (ownOf.has(process)) continue
    const own = writes.filter((write) => write.process === process)
    ownOf.set(process, new Staircase(own.map((write) => [write.resolvedMs, write.version])))
  }
  const violations: Violation[] = []
  for (const read of operations) {
    if (read.kind !== 'read') continue
    const { version, invokedMs, returnedMs, afterVersion = 0 } = read
    const due = resolved.before(invokedMs - (read.isFromMemory ? memoryBoundMs : 0))
    const own = ownOf.get(read.process)?.before(invokedMs) ?? 0
    const most = begun.before(returnedMs)
    if (version < due) violations.push({ rule: 'bound', read, expected: due })
    if (version < afterVersion) violations.push({ rule: 'receipt', read, expected: afterVersion })
    if (version < own) violations.push({ rule: 'own write', read, expected: own })
    if (version > most) violations.push({ rule: 'from nowhere', read, expected: most })
  }
  return violations
}

type Step = readonly [ms: number | undefined, version: number]

/** The highest version reached before any moment. */
class Staircase {
  readonly #times: number[] = []
  readonly #highest: number[] = []

  constructor(steps: readonly Step[]) {
    const timed = steps.filter((step): step is [number, number] => step[0] !== undefined)
    let highest = 0
    for (const [ms, version] of timed.sort(([left], [right]) => left - right)) {
      highest = Math.max(highest, version)
      this.#times.push(ms)
      this.#highest.push(highest)
    }
  }

  before(ms: number): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#times[middle] ?? 0) < ms) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : (this.#highest[low - 1] ?? 0)
  }
}
