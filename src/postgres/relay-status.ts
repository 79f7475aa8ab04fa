/** What a relay says about itself: its state for health, and events as they happen. */
import type { StaleproofError } from '../core/errors.ts'

/**
 *            connected            elected
 *   away ───────────────▶ standby ───────▶ leader      any ── close ──▶ closed
 *    ▲                       │                │
 *    └── connection lost ────┴────────────────┘
 */
export type RelayState = 'away' | 'standby' | 'leader' | 'closed'

/** What waits in the database; measured by the leader, the last time it looked. */
export type RelayLag =
  /** `rows` stops counting one above `maxRows`. */
  | { readonly kind: 'rows'; readonly rows: number; readonly oldestAgeMs: number }
  | { readonly kind: 'bytes'; readonly bytes: number }

export interface RelayStatus {
  readonly state: RelayState
  readonly lag: RelayLag | undefined
  /** Batches that were invalidated and then removed. */
  readonly delivered: number
  /** Of them those that cleared everything, because changes may have been lost. */
  readonly cleared: number
  /** Rows that could not be mapped; the families of their table were cleared. */
  readonly faults: number
  /** How often `onEvent` has thrown. */
  readonly observerErrors: number
  /** Why it is not further on; gone after the next success. */
  readonly lastError: unknown
}

export type RelayEvent =
  | { readonly kind: 'state'; readonly state: RelayState }
  | {
      readonly kind: 'delivered'
      readonly changes: number
      readonly keys: number
      readonly tags: number
      readonly families: number
      /** Changes may have been lost: everything was cleared. */
      readonly isEverything: boolean
    }
  | { readonly kind: 'fault'; readonly error: StaleproofError }
  /** It will be tried again. */
  | { readonly kind: 'failed'; readonly error: unknown }
