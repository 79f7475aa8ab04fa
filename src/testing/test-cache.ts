/** A cache for tests of services: nothing outside the process, and time stands still. */
import { createCache, withHandles } from '../cache/index.ts'
import { openEnvelopes } from '../codec/index.ts'
import type { Cache } from '../core/cache.ts'
import type { Catalog, Families } from '../core/catalog.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CacheEvent, InvalidateEvent } from '../core/outcome.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import type { Sources } from '../core/source.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from './seeded-chance.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What a service asked to be invalidated. */
export type Invalidation = Pick<InvalidateEvent, 'keys' | 'tags' | 'reason' | 'subject'>

export interface TestTools {
  /** Lives end and refreshes happen when it is advanced: `await cache.clock.advance(30_000)`. */
  readonly clock: VirtualClock
  /** All since the cache was opened, in their order. */
  invalidations(): readonly Invalidation[]
}

export type TestCache<F extends Families> = Cache<F> & TestTools

/** Enough for any test, and the same in each. */
const seed = 1
const invalidationsMax = 10_000
const bytesMax = 8 * 1024 * 1024
const entriesMax = 10_000

/**
 * Opens a real cache on a store inside this process and a virtual clock. It is the same in
 * every run: tokens and jitter come from a fixed seed.
 *
 * @example
 * const cache = await testCache(catalog, { positions: (userId) => db.positionsOf(userId) })
 * await createPosition(cache, 7)
 * expect(cache.invalidations()).toMatchObject([{ keys: ['api:positions:7'] }])
 */
export async function testCache<F extends Families>(
  catalog: Catalog<F>,
  sources: Sources<F> = {},
): Promise<TestCache<F>> {
  refuseClash(catalog)
  const invalidations: Invalidation[] = []
  const notify = (event: CacheEvent) => {
    if (event.kind !== 'invalidate' || event.via !== 'call') return
    if (invalidations.length === invalidationsMax) invalidations.shift()
    const { keys, tags, reason, subject } = event
    invalidations.push({ keys, tags, reason, subject })
  }
  const resolved = resolveOptions(catalog, { service: 'test', sources, observers: [{ notify }] })
  const clock = new VirtualClock()
  const chance = new SeededChance(seed)
  const remote = openEmbedded(new EmbeddedServer({ clock, chance }), { clock, withBus: true })
  const memory = new AdaptiveMemory({ bytesMax, entriesMax })
  const local = { memory, clock, chance, spool: undefined, log: undefined }
  const nextTurn = async () => {}
  // Its server is its own: any key will do for families that are encrypted.
  const encryption = { keys: [{ id: 'test', key: new Uint8Array(32) }] }
  const envelopes = { encryption, sources: resolved.sources, chance, nextTurn }
  const envelopeOf = await openEnvelopes(catalog.compiled.values(), envelopes)
  const tiers = { remote, envelopeOf, ...local }
  const cache = withHandles<F>(await createCache(catalog, resolved, tiers), () => {})
  const tools: TestTools = { clock, invalidations: () => [...invalidations] }
  return Object.assign({}, cache, tools)
}

function refuseClash<F extends Families>(catalog: Catalog<F>): void {
  for (const name of ['clock', 'invalidations']) {
    if (!catalog.compiled.has(name)) continue
    const details = { family: name, expected: 'another name: the test cache has a tool so named' }
    throw new StaleproofError('SP_NAME_RESERVED', `testCache: the family '${name}'`, details)
  }
}
