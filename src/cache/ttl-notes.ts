/**
 * The TTLs of values that memory looks at again before they are over, by fill, each with what
 * it follows from. Only families that refresh or adapt have any. Without a note a value is
 * looked at only when its TTL is over, which is safe.
 */
import type { Ttl } from '../core/ttl-policy.ts'

/** As many as memory has entries by default; what comes when they are in use has none. */
export const ttlNotesMax = 100_000
/** Looked at for each new one, in turn, so that what is over is dropped as fast as it comes. */
const lookedAtMax = 2

export interface TtlNote {
  readonly ttl: Ttl
  /** How long its load took, for early refreshes. */
  readonly loadMs: number
  /** Nobody asks any more. */
  readonly overMs: number
}

export class TtlNotes {
  readonly #byFid = new Map<string, TtlNote>()

  get count(): number {
    return this.#byFid.size
  }

  of(fid: string): TtlNote | undefined {
    return this.#byFid.get(fid)
  }

  /** False: there is no room. */
  add(fid: string, note: TtlNote, nowMs: number): boolean {
    this.#byFid.delete(fid)
    this.#dropOver(nowMs)
    if (this.#byFid.size >= ttlNotesMax) return false
    this.#byFid.set(fid, note)
    return true
  }

  #dropOver(nowMs: number): void {
    let looked = 0
    for (const [fid, note] of this.#byFid) {
      if (looked++ === lookedAtMax) return
      this.#byFid.delete(fid)
      if (nowMs < note.overMs) this.#byFid.set(fid, note)
    }
  }
}
