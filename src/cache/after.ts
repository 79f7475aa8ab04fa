/**
 * Reading one's own writes (CONTRACT 13, PROTOCOL 3.2 "after"): how far must a read go
 * so that it sees at least the invalidation of a receipt?
 *
 * - this process has processed that invalidation: memory will do;
 * - the Redis that executed it is the one we are connected to: a strict read;
 * - another incarnation did: nobody can order the two from here, so load anew. What
 *   was loaded since such a token was first shown here has seen its write, and later
 *   reads with the token may have it from memory.
 */
import type { FlightMode } from '../coherence/index.ts'
import { parseToken, type TokenPart } from '../core/token.ts'
import type { Budget } from '../resilience/index.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import type { Gate } from './gate.ts'
import type { Heart } from './heart.ts'

/** Foreign incarnations remembered; forgetting one costs a load. */
const foreignMax = 64

export interface Need {
  readonly mode: FlightMode
  /** A trusted value of which the load began after this time will do as well. */
  readonly loadedSinceMs: number
}

const NOTHING: Need = { mode: 'bounded', loadedSinceMs: Number.POSITIVE_INFINITY }

export class After {
  readonly #engine: Engine
  readonly #heart: Heart
  readonly #gate: Gate
  /** Highest seq shown of an incarnation that isn't ours, and when that was. */
  readonly #foreign = new Map<string, { readonly seq: number; readonly shownMs: number }>()

  constructor(engine: Engine, heart: Heart, gate: Gate) {
    this.#engine = engine
    this.#heart = heart
    this.#gate = gate
  }

  /** By partition, for those that the token speaks of. Throws `SP_TOKEN_INVALID`. */
  async needs(
    token: unknown,
    partitions: readonly number[],
    budget: Budget,
  ): Promise<ReadonlyMap<number, Need>> {
    const needs = new Map<number, Need>()
    const parts = parseToken(token).filter((part) => partitions.includes(part.partition))
    await Promise.all(
      parts.map(async (part) => needs.set(part.partition, await this.#need(part, budget))),
    )
    return needs
  }

  async #need(part: TokenPart, budget: Budget): Promise<Need> {
    const { partition } = part
    if (part.pending) return { ...NOTHING, mode: 'fresh' }
    const state = partitionAt(this.#engine, partition)
    if (this.#hasApplied(state, part)) return NOTHING
    if (part.stamp === state.trust.stamp) return { ...NOTHING, mode: 'strict' }
    if (this.#gate.isOpen(partition)) await budget.wait(this.#heart.prove(partition))
    if (part.stamp === state.trust.stamp) return { ...NOTHING, mode: 'strict' }
    return { mode: 'fresh', loadedSinceMs: this.#shownMs(part) }
  }

  #hasApplied({ trust }: Partition, part: TokenPart): boolean {
    const { applied } = trust
    if (applied === undefined || part.seq === undefined) return false
    if (!trust.isTrusted(this.#engine.clock.now())) return false
    if (applied.stamp !== part.stamp || applied.epoch !== part.epoch) return false
    return applied.seq >= part.seq
  }

  #shownMs(part: TokenPart): number {
    const { partition, stamp, epoch, seq } = part
    if (seq === undefined) return Number.POSITIVE_INFINITY
    const incarnation = `${partition}:${stamp}:${epoch}`
    const known = this.#foreign.get(incarnation)
    if (known !== undefined && seq <= known.seq) return known.shownMs
    const shownMs = this.#engine.clock.now()
    this.#foreign.delete(incarnation)
    this.#foreign.set(incarnation, { seq, shownMs })
    for (const oldest of this.#foreign.keys()) {
      if (this.#foreign.size <= foreignMax) break
      this.#foreign.delete(oldest)
    }
    return shownMs
  }
}
