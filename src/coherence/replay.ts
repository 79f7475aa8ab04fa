/**
 * Invalidations of one partition that its server has acknowledged, so that they can be
 * said again to the next incarnation, should the server have lost its last writes
 * (PROTOCOL 13, Replay). Bounded; what was forgotten for space and may be needed makes
 * everything be invalidated instead.
 */
import { idOfWish, mergeWishes, type Wish } from './wish.ts'

/** Wishes remembered for one partition. */
export const replayWishesMax = 2_000

interface Acknowledged {
  readonly wish: Wish
  readonly ackedMs: number
}

export class ReplayRing {
  /** The one acknowledged last is the last. */
  readonly #acknowledged = new Map<string, Acknowledged>()
  #lastMs = Number.NEGATIVE_INFINITY
  /** When the last one that was forgotten for space had been acknowledged. */
  #forgottenMs: number | undefined

  get size(): number {
    return this.#acknowledged.size
  }

  note(wish: Wish, ackedMs: number): void {
    const name = `${wish.kind} ${idOfWish(wish)}`
    const known = this.#acknowledged.get(name)
    this.#acknowledged.delete(name)
    const kept = known === undefined ? wish : mergeWishes(known.wish, wish)
    this.#acknowledged.set(name, { wish: withTokensOf(kept, wish), ackedMs })
    this.#lastMs = ackedMs
    if (this.#acknowledged.size > replayWishesMax) this.#forgetOldest()
  }

  /**
   * What was acknowledged within `tailMs` before the last sign of that incarnation, which
   * an acknowledgement is too. The ring is empty afterwards.
   */
  take({ lastMs, tailMs }: { readonly lastMs: number; readonly tailMs: number }): readonly Wish[] {
    const fromMs = Math.max(lastMs, this.#lastMs) - tailMs
    const wishes: Wish[] = []
    for (const { wish, ackedMs } of this.#acknowledged.values()) {
      if (ackedMs >= fromMs) wishes.push(wish)
    }
    const isComplete = this.#forgottenMs === undefined || this.#forgottenMs < fromMs
    this.clear()
    return isComplete ? wishes : [{ kind: 'floor' }]
  }

  clear(): void {
    this.#acknowledged.clear()
    this.#lastMs = Number.NEGATIVE_INFINITY
    this.#forgottenMs = undefined
  }

  #forgetOldest(): void {
    for (const [name, { ackedMs }] of this.#acknowledged) {
      this.#acknowledged.delete(name)
      this.#forgottenMs = ackedMs
      return
    }
  }
}

/** Quarantines of earlier writes of the key have been released long ago, or run out. */
function withTokensOf(kept: Wish, newest: Wish): Wish {
  if (kept.kind !== 'key' || newest.kind !== 'key') return kept
  return { kind: 'key', ask: { ...kept.ask, tokens: newest.ask.tokens } }
}
