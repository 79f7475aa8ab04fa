/** Processes on one embedded server and one virtual time, whose source is told what to do. */
import { afterEach, beforeEach } from 'vitest'
import { openEnvelopes } from '../codec/index.ts'
import { type Catalog, defineCatalog, type Families } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import { shape } from '../core/shape.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { createCache } from './create-cache.ts'
import type { RuntimeView } from './family-view.ts'
import type { RuntimeCache } from './runtime-cache.ts'

export interface Process {
  readonly cache: RuntimeCache
  /** Of the family `item`. */
  readonly item: RuntimeView
}

export class AgingWorld {
  readonly clock: VirtualClock = new VirtualClock()
  readonly server: EmbeddedServer
  /** What a load returns: the number of the load, unless told otherwise. */
  load: () => Promise<unknown> = async () => this.loads
  /** How often the source was asked, by all processes. */
  loads = 0
  readonly #caches: RuntimeCache[] = []
  readonly #catalog: Catalog<Families>

  constructor(options: object) {
    this.server = new EmbeddedServer({ clock: this.clock, chance: new SeededChance(1) })
    const item = family('item:{name}', { value: shape<number>(), ttl: '10s', ...options })
    this.#catalog = defineCatalog('aging', { item })
  }

  async open({ hasMemory = true, hasSource = true } = {}): Promise<Process> {
    const { clock, server } = this
    const chance = new SeededChance(this.#caches.length + 2)
    const source = async () => {
      this.loads++
      return this.load()
    }
    const options = resolveOptions(this.#catalog, {
      service: 'test',
      log: false,
      sources: hasSource ? { item: source } : {},
      ...(hasMemory ? {} : { memory: false }),
    })
    const nextTurn = async () => {}
    const envelopes = { sources: options.sources, chance, nextTurn }
    const bound = hasMemory ? 1_000_000 : 0
    const opened = createCache(this.#catalog, options, {
      remote: openEmbedded(server, { clock, withBus: hasMemory }),
      memory: new AdaptiveMemory({ bytesMax: bound, entriesMax: bound }),
      envelopeOf: await openEnvelopes(this.#catalog.compiled.values(), envelopes),
      ...{ clock, chance, spool: undefined, log: undefined },
    })
    await clock.advance(1)
    const cache = await opened
    this.#caches.push(cache)
    return { cache, item: cache.view('item') }
  }

  /** Time goes on; all that follows from it has happened. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms)
  }

  /** The answer, when as much time has passed. */
  async after<T>(ms: number, answer: Promise<T>): Promise<T> {
    await this.pass(ms)
    return answer
  }

  async close(): Promise<void> {
    const closing = this.#caches.map((cache) => cache.close())
    await this.pass(10_000)
    await Promise.all(closing)
  }
}

/** A world for each test. */
export function useWorld(options: object): () => AgingWorld {
  let world: AgingWorld
  beforeEach(() => {
    world = new AgingWorld(options)
  })
  afterEach(() => world.close())
  return () => world
}
