/** The guards of all sources of a process, and every breaker by its name. */
import { type BreakerOptions, resolveBreaker } from '../core/breaker-policy.ts'
import {
  type BreakerName,
  noBreaker,
  type RedisBreakerOptions,
  redisFailuresIn,
} from '../core/resilience-options.ts'
import type { ResolvedOptions } from '../core/resolved-options.ts'
import type { BreakerStats, SourceStats } from '../core/stats.ts'
import { type BreakerChange, SourceBreaker } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { SourceGuard } from './source-guard.ts'

const where = 'configureBreaker'

export class SourceGuards {
  readonly #engine: Engine
  readonly #breakers = new Map<string, SourceBreaker>()
  readonly #guards = new Map<string, SourceGuard>()

  constructor(engine: Engine, { sources, resilience }: ResolvedOptions) {
    this.#engine = engine
    const { clock, chance, watchers } = engine
    for (const [name, policy] of resilience.breakers) {
      const onChange = (change: BreakerChange) => {
        watchers.tell({ kind: 'breaker', breaker: name, ...change })
      }
      this.#breakers.set(name, new SourceBreaker(policy, { clock, chance, onChange }))
    }
    for (const [family, { rules }] of sources) {
      const names: BreakerName[] = [`family:${family}`]
      if (rules.dependency !== undefined) names.push(`dependency:${rules.dependency}`)
      const breakers = names.flatMap((name) => {
        const breaker = this.#breakers.get(name)
        return breaker === undefined ? [] : [{ name, breaker }]
      })
      this.#guards.set(family, new SourceGuard({ family, rules, breakers }))
    }
  }

  /** Undefined: this process has no source for the family. */
  of(family: string): SourceGuard | undefined {
    return this.#guards.get(family)
  }

  configure(name: BreakerName, options: BreakerOptions | RedisBreakerOptions): void {
    const breaker = this.#breakers.get(name)
    if (breaker !== undefined) {
      breaker.configure(resolveBreaker(where, options))
      return
    }
    const partition = this.#engine.partitions.find(({ index }) => name === `redis:${index}`)
    if (partition === undefined) throw noBreaker(name, Object.keys(this.breakers()))
    partition.breaker.configure(redisFailuresIn(where, options))
  }

  /** By family. */
  sources(): Readonly<Record<string, SourceStats>> {
    const stats: Record<string, SourceStats> = {}
    for (const [family, { bulkhead }] of this.#guards) {
      stats[family] = { running: bulkhead.running, waiting: bulkhead.waiting }
    }
    return stats
  }

  breakers(): Readonly<Record<BreakerName, BreakerStats>> {
    const stats: Record<BreakerName, BreakerStats> = {}
    const { partitions } = this.#engine
    for (const { index, breaker } of partitions) stats[`redis:${index}`] = breaker.stats()
    for (const [name, breaker] of this.#breakers) Object.assign(stats, { [name]: breaker.stats() })
    return stats
  }
}
