/** A cache on the embedded tier and a virtual clock, for tests of what happens to its sources. */

import { openEnvelopes } from '../codec/index.ts'
import type { Cache } from '../core/cache.ts'
import type { Catalog, Families } from '../core/catalog.ts'
import type { Store } from '../core/contracts/store.ts'
import type { CacheOptions } from '../core/options.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import type { Signal } from '../core/signal.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { createCache } from './create-cache.ts'
import { withHandles } from './with-handles.ts'

export interface SourceWorld<F extends Families> {
  readonly cache: Cache<F>
  readonly clock: VirtualClock
  readonly events: readonly CacheEvent[]
}

/** Is told of each command before it is sent; what it returns is waited for. */
export type StoreWatch = (method: string, partition: number, request: unknown) => Promise<void>

export async function openWorld<F extends Families>(
  catalog: Catalog<F>,
  options: Omit<CacheOptions<F>, 'service'>,
  storeWatch?: StoreWatch,
): Promise<SourceWorld<F>> {
  const events: CacheEvent[] = []
  const observers = [{ notify: (event: CacheEvent) => events.push(event) }]
  const resolved = resolveOptions(catalog, { service: 'test', observers, ...options })
  const clock = new VirtualClock()
  const chance = new SeededChance(1)
  const remote = openEmbedded(new EmbeddedServer({ clock, chance }), { clock, withBus: true })
  if (storeWatch !== undefined) watchStore(remote.store, storeWatch)
  const memory = new AdaptiveMemory({ bytesMax: 1_000_000, entriesMax: 10_000 })
  const nextTurn = () => Promise.resolve()
  const envelopes = { sources: resolved.sources, chance, nextTurn }
  const envelopeOf = await openEnvelopes(catalog.compiled.values(), envelopes)
  const local = { clock, chance, spool: undefined, log: undefined }
  const tiers = { remote, memory, envelopeOf, ...local }
  const cache = withHandles<F>(await createCache(catalog, resolved, tiers), () => {})
  return { cache, clock, events }
}

function watchStore(store: Store, storeWatch: StoreWatch): void {
  const { renew, release } = store
  store.renew = async (partition, held, leaseMs) => {
    await storeWatch('renew', partition, held)
    return renew.call(store, partition, held, leaseMs)
  }
  store.release = async (partition, held) => {
    await storeWatch('release', partition, held)
    return release.call(store, partition, held)
  }
}

/** A source whose calls the test answers, one by one, and that counts how many run. */
export class ManualSource {
  readonly ids: string[] = []
  readonly signals: Signal[] = []
  running = 0
  peak = 0
  readonly #ends: {
    readonly answer: (value: number) => void
    readonly fail: (e: unknown) => void
  }[] = []

  readonly load = (id: string, { signal }: { readonly signal: Signal }): Promise<number> => {
    this.ids.push(id)
    this.signals.push(signal)
    this.running++
    this.peak = Math.max(this.peak, this.running)
    return new Promise<number>((answer, fail) => {
      this.#ends.push({ answer, fail })
    }).finally(() => {
      this.running--
    })
  }

  answer(call: number, value = 1): void {
    this.#ends[call]?.answer(value)
  }

  fail(call: number, error: unknown = new Error('down')): void {
    this.#ends[call]?.fail(error)
  }
}

/** What a promise has come to, as far as it has. */
export function watch(promise: Promise<unknown>): { value: unknown; error: unknown } {
  const seen: { value: unknown; error: unknown } = { value: undefined, error: undefined }
  promise.then(
    (value) => {
      seen.value = value
    },
    (error) => {
      seen.error = error
    },
  )
  return seen
}
