/** Writes down what one process does with its cache, as records of a history. */
import type {
  HistoryRecord,
  HowInvalidated,
  InvalidateRecord,
  ReadMode,
  ReadRecord,
  ReadTier,
} from './record.ts'

export interface RecorderOptions {
  readonly process: string
  /** Milliseconds of the one clock of the history. */
  readonly now: () => number
  readonly write: (record: HistoryRecord) => void
}

export interface ReadAsked {
  readonly mode: ReadMode
  /** The version of the write whose receipt the read carries. */
  readonly after?: number | undefined
  readonly note?: string | undefined
}

export interface InvalidateAsked {
  readonly how: HowInvalidated
  readonly barrier?: boolean | undefined
  readonly upTo?: number | undefined
  readonly note?: string | undefined
}

/** As `lookup` of a handle resolves to it. */
export interface Answer<V> {
  readonly from: ReadTier | 'none'
  readonly why: string
  readonly value: V | undefined
}

export class HistoryRecorder {
  readonly #options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /** Runs a `lookup` and records its answer, if it gave one; an absent value is version 0. */
  async read<V, A extends Answer<V>>(
    key: string,
    asked: ReadAsked & { readonly versionOf: (value: V) => number },
    lookup: () => Promise<A>,
  ): Promise<A> {
    const invokedMs = this.#options.now()
    const answer = await lookup()
    this.saw(key, { ...asked, invokedMs }, answer)
    return answer
  }

  /** Records the answer of a read that was invoked before, such as one of a batch. */
  saw<V>(
    key: string,
    asked: ReadAsked & {
      readonly invokedMs: number
      readonly versionOf: (value: V) => number
    },
    { from, why, value }: Answer<V>,
  ): void {
    if (from === 'none') return
    const { mode, after, note, invokedMs } = asked
    const version = value === undefined ? 0 : asked.versionOf(value)
    const text = note === undefined ? why : `${why}, ${note}`
    const base = { ...this.#timed(key, invokedMs), version, tier: from, mode, note: text }
    const record: ReadRecord = { kind: 'read', ...base, ...(after !== undefined && { after }) }
    this.#options.write(record)
  }

  /** Records what a tier holds when everything is over; no answer is recorded not at all. */
  async final<V>(
    key: string,
    versionOf: (value: V) => number,
    lookup: () => Promise<Answer<V>>,
  ): Promise<void> {
    const invokedMs = this.#options.now()
    const { from, value } = await lookup()
    if (from === 'none') return
    const version = value === undefined ? 0 : versionOf(value)
    const tier = from === 'redis' || from === 'source' ? from : 'memory'
    this.#options.write({ kind: 'final', ...this.#timed(key, invokedMs), version, tier })
  }

  /** Runs a write of the database and records the version that it resolves to. */
  async write(key: string, commit: () => Promise<number>): Promise<number> {
    const invokedMs = this.#options.now()
    const version = await commit()
    this.#options.write({ kind: 'write', ...this.#timed(key, invokedMs), version })
    return version
  }

  /**
   * Runs an invalidation that covers these keys. One that rejects is recorded as not resolved:
   * others may go on seeing what was there before. A call that commits on its way, as `mutate`
   * does, says when it has: `committed()`; what was written until then is covered.
   */
  async invalidate<R>(
    keys: readonly string[],
    asked: InvalidateAsked,
    call: (committed: () => void) => Promise<R>,
  ): Promise<R> {
    let invokedMs = this.#options.now()
    const committed = () => {
      invokedMs = this.#options.now()
    }
    try {
      const result = await call(committed)
      this.#invalidated(keys, asked, { invokedMs, isResolved: true })
      return result
    } catch (error) {
      this.#invalidated(keys, asked, { invokedMs, isResolved: false })
      throw error
    }
  }

  #invalidated(
    keys: readonly string[],
    { how, barrier = false, upTo, note }: InvalidateAsked,
    { invokedMs, isResolved }: { readonly invokedMs: number; readonly isResolved: boolean },
  ): void {
    const { process, now, write } = this.#options
    const returnedMs = now()
    for (const key of keys) {
      const record: InvalidateRecord = {
        kind: 'invalidate',
        ...{ process, key, invokedMs, returnedMs, how },
        ...(isResolved && { resolvedMs: returnedMs }),
        ...(barrier && { barrier }),
        ...(upTo !== undefined && { upTo }),
        ...(note !== undefined && { note }),
      }
      write(record)
    }
  }

  #timed(key: string, invokedMs: number): Pick<ReadRecord, TimedField> {
    const { process, now } = this.#options
    return { process, key, invokedMs, returnedMs: now() }
  }
}

type TimedField = 'process' | 'key' | 'invokedMs' | 'returnedMs'
