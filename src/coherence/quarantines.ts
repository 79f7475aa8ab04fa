/**
 * The quarantines of writes that this process has under way (PROTOCOL 3.5). One that is
 * wanted has to be on the server that is asked now, so a new connection, or a renewal that
 * got no answer, makes it missing again:
 *
 *   wanted ──placed──▶ in place ──new connection, or not renewed──▶ wanted
 *      └───────────────────┴──the write has ended──▶ (forgotten, and released)
 */
import type { PlaceAsk } from '../core/contracts/store.ts'

/** Keys in quarantine by this process; writes beyond run without. */
export const quarantinedKeysMax = 10_000

/** The keys of one write in one partition. */
export interface Placement {
  readonly partition: number
  readonly asks: readonly PlaceAsk[]
  readonly reason: string
}

export class Quarantines {
  /** Their keys are counted. */
  readonly #begun = new Set<Placement>()
  /** With the connection that each was placed on. */
  readonly #wanted = new Map<Placement, number | undefined>()
  #keys = 0

  get keyCount(): number {
    return this.#keys
  }

  hasRoomFor(keys: number): boolean {
    return this.#keys + keys <= quarantinedKeysMax
  }

  /** Counted from before it is placed, so that many at once keep to the bound. */
  begin(placement: Placement): void {
    this.#begun.add(placement)
    this.#keys += placement.asks.length
  }

  /** Idempotent: it stays where it is in place. Of one that was forgotten nothing is wanted. */
  want(placement: Placement): void {
    if (!this.#begun.has(placement) || this.#wanted.has(placement)) return
    this.#wanted.set(placement, undefined)
  }

  isWanted(placement: Placement): boolean {
    return this.#wanted.has(placement)
  }

  /** The write has ended. */
  forget(placement: Placement): void {
    this.#wanted.delete(placement)
    if (this.#begun.delete(placement)) this.#keys -= placement.asks.length
  }

  /** Of one that was forgotten meanwhile nothing is noted. */
  placed(placement: Placement, generation: number): void {
    if (this.#wanted.has(placement)) this.#wanted.set(placement, generation)
  }

  /** It may have run out. */
  lapsed(placement: Placement): void {
    if (this.#wanted.has(placement)) this.#wanted.set(placement, undefined)
  }

  /** What has to be placed before anything is read on this connection. */
  missing(partition: number, generation: number): readonly Placement[] {
    const missing: Placement[] = []
    for (const [placement, placedOn] of this.#wanted) {
      if (placement.partition === partition && placedOn !== generation) missing.push(placement)
    }
    return missing
  }
}
