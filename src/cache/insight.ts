/** What looks into a cache without taking part in it: `about`, `explain`, shadow reads. */
import { Sightings } from '../coherence/index.ts'
import { type CacheAbout, type DeclaredFamily, declaredFamily } from '../core/about.ts'
import type { Catalog, Families } from '../core/catalog.ts'
import type { ResolvedOptions } from '../core/resolved-options.ts'
import type { Engine } from './engine.ts'
import { Explainer } from './explainer.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { Gate } from './gate.ts'
import type { Heart } from './heart.ts'
import { LastMisses } from './last-misses.ts'
import type { Pauses } from './pauses.ts'
import { ShadowReader } from './shadow-reader.ts'
import { SlotInspector } from './slot-inspector.ts'
import type { SourceGuards } from './source-guards.ts'

export interface InsightParts<F extends Families> {
  readonly engine: Engine
  readonly heart: Heart
  readonly guards: SourceGuards
  readonly pauses: Pauses
  readonly families: ReadonlyMap<string, FamilyRuntime>
  readonly catalog: Catalog<F>
  readonly options: ResolvedOptions
}

export interface Insight {
  readonly about: CacheAbout
  readonly explainer: Explainer
  readonly misses: LastMisses
  /** Both, or neither: without memory no messages are heard, so nothing would be proof. */
  readonly sightings: Sightings | undefined
  readonly shadow: ShadowReader | undefined
}

export function insightOf<F extends Families>(parts: InsightParts<F>): Insight {
  const { engine, heart, guards, pauses, families, options } = parts
  const { clock, settings, watchers } = engine
  const misses = new LastMisses()
  const inspector = new SlotInspector(engine, new Gate(engine, heart, 'other'))
  const explainer = new Explainer({ engine, inspector, guards, misses, pauses })
  const { shadowReads: share } = options
  const isOn = share > 0 && settings.hasMemory
  const sightings = isOn ? new Sightings(() => clock.now()) : undefined
  const shadow = sightings && new ShadowReader({ engine, inspector, families, sightings, share })
  if (shadow !== undefined) watchers.attach(shadow)
  return { about: aboutOf(parts), explainer, misses, sightings, shadow }
}

function aboutOf<F extends Families>({
  engine,
  families,
  catalog,
  options,
}: InsightParts<F>): CacheAbout {
  const { settings, store, remote } = engine
  const declared: Record<string, DeclaredFamily> = {}
  for (const family of families.values()) {
    const { version, source } = family
    declared[family.name] = declaredFamily(family, { version, hasSource: source !== undefined })
  }
  return Object.freeze({
    service: settings.service,
    process: settings.process,
    catalog: catalog.name,
    namespace: options.namespace,
    tier: remote.kind,
    partitions: store.partitions,
    trustMs: settings.trustMs,
    families: Object.freeze(declared),
  })
}
