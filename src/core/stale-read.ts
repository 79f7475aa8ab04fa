/** What a shadow read finds (docs/coherence.md). */

/** What gives a stale read away. */
export type StaleEvidence = 'group' | 'quarantined' | 'floor' | 'order' | 'birth' | 'invalidated'

/** A shadow read found a value that nobody may be served any more. */
export interface StaleReadEvent {
  readonly kind: 'staleRead'
  readonly family: string
  readonly key: string
  /** Who serves it: memory of this process, or Redis to everybody. */
  readonly tier: 'memory' | 'redis'
  readonly why: StaleEvidence
}
