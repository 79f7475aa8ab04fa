/** What live data is and says about itself: values with their origin, numbers, transitions. */

/** `fallback`: a last resort, whose values are not live. */
export type LiveSourceKind = 'stream' | 'poll' | 'fallback'

/** A value with where it came from. */
export interface Datum<V> {
  readonly key: string
  readonly value: V
  readonly order: number | bigint
  /** The source that told of it, or the last live one that confirmed it. */
  readonly source: string
  /** False: from a fallback, the last that was known. */
  readonly isLive: boolean
  /** When that was, in milliseconds since 1970. */
  readonly seenAtMs: number
}

/**
 * `up`: it has data · `down`: it has failed, is silent, or has not answered yet · `resting`: a
 * better one is in use, so it is not asked · `off`: switched off.
 */
export type LiveSourceState = 'up' | 'down' | 'resting' | 'off'

/** One source; counters only rise. */
export interface LiveSourceStats {
  readonly name: string
  readonly kind: LiveSourceKind
  readonly state: LiveSourceState
  /** How long it has been so. */
  readonly stateMs: number
  /** It is the one that is relied on. */
  readonly isActive: boolean
  /** How long ago it last had data; undefined: never. */
  readonly lastSuccessAgeMs: number | undefined
  readonly lastError: string | undefined
  /** How old the newest value is that it told of, by the option `time`. */
  readonly newestAgeMs: number | undefined
  /** Rows, whatever became of them: the sum of the five below. */
  readonly received: number
  /** Newer than what was held. */
  readonly applied: number
  /** Of the order that was held already. */
  readonly duplicates: number
  /** Older than what was held: dropped. */
  readonly older: number
  /** None of ours. */
  readonly ignored: number
  /** Rows that `parse` threw at: skipped. */
  readonly invalid: number
  readonly lastInvalid: string | undefined
  /** Connections lost, reads failed, silences. */
  readonly failures: number
  /** How often it became the active one. */
  readonly activations: number
  /** How long it was the active one, all together. */
  readonly activeMs: number
  /** Of reads that were answered; of a stream, from opening it to its first data. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
}

export interface LiveStats {
  /** The source that is relied on; undefined: all are switched off. */
  readonly active: string | undefined
  /** How often that has changed. */
  readonly switches: number
  /** Held. */
  readonly keys: number
  /** Keys that left for others, at `maxKeys`. */
  readonly evicted: number
  /** How often `onData`, `onEvent` or the log has thrown. */
  readonly observerErrors: number
  /** The best one first. */
  readonly sources: readonly LiveSourceStats[]
}

/** Why another source is relied on. */
export type SwitchReason = 'opened' | 'down' | 'recovered' | 'disabled' | 'enabled'

export type LiveEvent =
  | {
      readonly kind: 'switched'
      readonly from: string | undefined
      readonly to: string | undefined
      readonly why: SwitchReason
    }
  | {
      readonly kind: 'state'
      readonly source: string
      readonly before: LiveSourceState
      readonly state: LiveSourceState
      /** Why it is down. */
      readonly error: unknown
    }
