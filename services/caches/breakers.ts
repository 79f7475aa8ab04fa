/**
 * The circuit breakers: one for each family that a process loads, one for each dependency that it
 * asks, one for each partition of Redis. None is global: what fails for prices keeps nobody from
 * his positions. Their thresholds come from the environment, and change while the process runs.
 *
 * A family opens by the share of its failures. A dependency opens by failures in a row: as long as
 * it answers any family, one that fails alone closes the way for itself and for nobody else.
 */
import type { BreakerOptions, BreakerStats } from 'staleproof'
import { z } from 'zod'
import { catalog } from '../domain/catalog.ts'
import type { PolycoolCache } from '../domain/writes.ts'

/** What sources ask. */
export const dependencies = ['database', 'api', 'upstream'] as const
export type Dependency = (typeof dependencies)[number]

/** More failures in a row than one family makes before its own breaker opens. */
const dependencyDefault: BreakerOptions = { consecutive: 50 }

/** Settings with a name; `documents` is what the audits describe. */
const presets = { documents: { consecutive: 3, openFor: 60_000, trials: 3 } } as const

const count = z.number().int().min(1).max(1_000_000)
const milliseconds = z.number().int().min(10).max(3_600_000)
const opening = {
  openFor: milliseconds.optional(),
  openForMost: milliseconds.optional(),
  trials: count.max(1_000).optional(),
}
const redisSetting = z.strictObject({ consecutive: count })
const setting = z.union([
  z.enum(['default', 'documents']),
  z.strictObject({ consecutive: count, ...opening }),
  z.strictObject({
    failureRate: z.number().gt(0).max(1).optional(),
    window: milliseconds.min(100).optional(),
    minCalls: count.optional(),
    ...opening,
  }),
])
type Setting = z.output<typeof setting>

const names = [
  ...[...catalog.compiled.keys()].map((name) => `family:${name}`),
  ...dependencies.map((name) => `dependency:${name}`),
]

/**
 * By the name of the breaker; `redis` is that of all partitions. A name that no service has is
 * refused; one that only others have is no mistake, so that all may be told the same.
 */
export const breakerSettings = z.strictObject({
  redis: redisSetting.optional(),
  sources: z.partialRecord(z.enum(names), setting).optional(),
})
export type BreakerSettings = z.output<typeof breakerSettings>

/** The same as JSON, as the environment has it. */
export const breakerSettingsText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue(`expected JSON, got ${text}`)
      return z.NEVER
    }
  })
  .pipe(breakerSettings)

/** What has breakers: a cache. */
export type Guarded = Pick<PolycoolCache, 'stats' | 'configureBreaker'>

export interface BreakerView extends BreakerStats {
  /** What was set; undefined: the default of the library. */
  readonly setting: Setting | z.output<typeof redisSetting> | undefined
}

/** The breakers of one process, and what was set for them. */
export class Breakers {
  readonly #cache: Guarded
  readonly #settings = new Map<string, BreakerView['setting']>()

  constructor(cache: Guarded, settings: BreakerSettings = {}) {
    this.#cache = cache
    for (const name of this.#names()) if (isOfDependency(name)) this.#set(name, 'default')
    this.adjust(settings)
  }

  /** From now on; what is not named stays as it is. */
  adjust({ redis, sources = {} }: BreakerSettings): void {
    for (const name of this.#names()) {
      const wanted = sources[name]
      if (isOfRedis(name)) this.#setRedis(name, redis)
      else if (wanted !== undefined) this.#set(name, wanted)
    }
  }

  view(): Readonly<Record<string, BreakerView>> {
    const breakers = Object.entries(this.#cache.stats().breakers)
    return Object.fromEntries(
      breakers.map(([name, stats]) => [name, { ...stats, setting: this.#settings.get(name) }]),
    )
  }

  #names(): string[] {
    return Object.keys(this.#cache.stats().breakers)
  }

  #set(name: string, wanted: Setting): void {
    if (!isOfSource(name)) return
    this.#cache.configureBreaker(name, optionsOf(name, wanted))
    this.#settings.set(name, wanted)
  }

  #setRedis(name: `redis:${number}`, wanted: BreakerSettings['redis']): void {
    if (wanted === undefined) return
    this.#cache.configureBreaker(name, wanted)
    this.#settings.set(name, wanted)
  }
}

function optionsOf(name: string, wanted: Setting): BreakerOptions {
  if (wanted === 'documents') return presets.documents
  if (wanted === 'default') return isOfDependency(name) ? dependencyDefault : {}
  return wanted
}

function isOfDependency(name: string): name is `dependency:${string}` {
  return name.startsWith('dependency:')
}

function isOfSource(name: string): name is `dependency:${string}` | `family:${string}` {
  return isOfDependency(name) || name.startsWith('family:')
}

function isOfRedis(name: string): name is `redis:${number}` {
  return name.startsWith('redis:')
}
