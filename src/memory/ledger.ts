/** What all families together hold, and what they may. */
export interface Bounds {
  readonly bytesMax: number
  readonly entriesMax: number
}

/** An entry over this share of the budget is not admitted (CONTRACT 6). */
const entryShareMax = 1 / 8
/** What is kept beyond its life holds at most this share, so that it can't push out the rest. */
const staleShareMax = 1 / 8
export class Ledger {
  readonly bytesMax: number
  readonly entriesMax: number
  readonly entryBytesMax: number
  readonly bytesStaleMax: number
  bytes = 0
  entries = 0
  bytesStale = 0
  rejected = 0

  constructor({ bytesMax, entriesMax }: Bounds) {
    this.bytesMax = bytesMax
    this.entriesMax = entriesMax
    this.entryBytesMax = bytesMax * entryShareMax
    this.bytesStaleMax = bytesMax * staleShareMax
  }

  /** Which bound one more entry of so many bytes would exceed. */
  exceeded(bytes: number): 'bytes' | 'entries' | undefined {
    if (this.bytes + bytes > this.bytesMax) return 'bytes'
    return this.entries + 1 > this.entriesMax ? 'entries' : undefined
  }
}
