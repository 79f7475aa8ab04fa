/** What a region asks of whoever divides the room: a contract, because that one knows regions. */
import type { AdaptiveRegion } from './adaptive-region.ts'
import type { Ledger } from './ledger.ts'

/** Whoever divides the room among families. */
export interface Landlord {
  readonly ledger: Ledger
  /** Makes room for one more entry of so many bytes in this family. */
  makeRoom(region: AdaptiveRegion, bytes: number, nowMs: number): void
  /** Some entries are no longer fresh: they may be too many now. */
  trimStale(): void
}
