/** Values whose payload is made or read later: what comes in between must count. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import type { Cache } from '../core/cache.ts'
import { defineCatalog } from '../core/catalog.ts'
import type { Encoded, Envelope, Sealed } from '../core/envelope.ts'
import { family } from '../core/family.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import { shape } from '../core/shape.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { createCache } from './create-cache.ts'
import { withHandles } from './with-handles.ts'

const catalog = defineCatalog('large', {
  item: family('item:{name}', { value: shape<string>(), ttl: '5m' }),
  ordered: family('ordered:{name}', { value: shape<number>(), ttl: '5m', order: (value) => value }),
})

let clock: VirtualClock
let server: EmbeddedServer
let caches: Cache<typeof catalog.families>[]

beforeEach(() => {
  clock = new VirtualClock()
  server = new EmbeddedServer({ clock, chance: new SeededChance(1) })
  caches = []
})
afterEach(async () => {
  await Promise.all(caches.map((cache) => cache.close()))
})

/** Makes and reads payloads when the test says so. */
class SlowEnvelope implements Envelope {
  readonly name = 'j'
  readonly sealing = new Deferred<void>()
  readonly opening = new Deferred<void>()

  encode(value: unknown) {
    const content = JSON.stringify(value)
    return { content, sizeBytes: content.length }
  }

  async encodeLater(value: unknown) {
    return this.encode(value)
  }

  seal({ content }: Encoded): Sealed | Promise<Sealed> {
    const sealed = { mark: 'j', payload: String(content) }
    return content === '"small"' ? sealed : this.sealing.promise.then(() => sealed)
  }

  async open({ payload }: Sealed): Promise<unknown> {
    await this.opening.promise
    return JSON.parse(payload)
  }
}

async function open(envelope: Envelope, source?: (name: string) => Promise<string>) {
  const sources = source === undefined ? {} : { item: source }
  const options = resolveOptions(catalog, { service: 'test', log: false, sources })
  const opened = createCache(catalog, options, {
    remote: openEmbedded(server, { clock, withBus: true }),
    memory: new AdaptiveMemory({ bytesMax: 1_000_000, entriesMax: 100 }),
    envelopeOf: () => envelope,
    clock,
    chance: new SeededChance(caches.length + 2),
    spool: undefined,
    log: undefined,
  })
  await clock.advance(1)
  const cache = withHandles<typeof catalog.families>(await opened, () => {})
  caches.push(cache)
  return cache
}

/** Another process, which reads and writes at once. */
function quick(): SlowEnvelope {
  const envelope = new SlowEnvelope()
  envelope.sealing.resolve()
  envelope.opening.resolve()
  return envelope
}

/** Held by Redis, loaded by another process. */
async function stored(name: string): Promise<void> {
  const other = await open(quick(), async () => 'old')
  const landing = other.item.get(name)
  await clock.advance(1)
  await landing
  await clock.advance(1)
}

test('callers have what was loaded while its payload is still made', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'loaded')
  const landing = cache.item.get('a')
  await clock.advance(1)
  expect(await landing).toBe('loaded')
  expect(cache.item.peek('a')).toBeUndefined()
  expect(cache.stats().flights).toBe(1)
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(cache.item.peek('a')).toBe('loaded')
  expect(cache.stats().flights).toBe(0)
})

test('in a batch small values do not wait for the payload of a large one', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async (name) => name)
  const landing = cache.item.getMany(['small', 'large'])
  await clock.advance(1)
  expect(await landing).toEqual(['small', 'large'])
  expect(cache.item.peek('small')).toBe('small')
  expect(cache.item.peek('large')).toBeUndefined()
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(cache.stats().families.item?.stores).toMatchObject({ stored: 2 })
})

test('what is invalidated while its payload is made is kept nowhere', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'loaded')
  const landing = cache.item.get('a')
  await clock.advance(1)
  await landing
  const telling = cache.item.invalidate('a')
  await clock.advance(1)
  await telling
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(cache.item.peek('a')).toBeUndefined()
  expect(server.text('item:a')).toBeUndefined()
  expect(cache.stats().families.item?.stores).toEqual({ gone: 1 })
})

test('the lease of a large value is renewed until its payload is made', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'loaded')
  const landing = cache.item.get('a')
  await clock.advance(1)
  await landing
  await clock.advance(12_000)
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(cache.stats().families.item?.stores).toMatchObject({ stored: 1 })
})

test('what is invalidated while its payload is read is not kept by memory', async () => {
  await stored('a')
  const envelope = new SlowEnvelope()
  const cache = await open(envelope)
  const reading = cache.item.get('a')
  await clock.advance(1)
  const telling = cache.item.invalidate('a')
  await clock.advance(1)
  await telling
  envelope.opening.resolve()
  await clock.advance(1)
  // It was asked for before the invalidation, and was valid then.
  expect(await reading).toBe('old')
  expect(cache.item.peek('a')).toBeUndefined()
})

test('what is read later is kept by memory when it lands', async () => {
  await stored('a')
  const envelope = new SlowEnvelope()
  const cache = await open(envelope)
  const reading = cache.item.lookup('a')
  await clock.advance(1)
  expect(cache.item.peek('a')).toBeUndefined()
  envelope.opening.resolve()
  await clock.advance(1)
  expect(await reading).toMatchObject({ from: 'redis', value: 'old' })
  expect(cache.item.peek('a')).toBe('old')
})

test('what has become too old while it was read is loaded anew', async () => {
  await stored('a')
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'new')
  const reading = cache.item.lookup('a')
  await clock.advance(301_000)
  envelope.opening.resolve()
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(await reading).toMatchObject({ from: 'source', value: 'new' })
})

test('a payload that turns out to be unreadable is loaded anew', async () => {
  await stored('a')
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'new')
  const reading = cache.item.lookup('a')
  await clock.advance(1)
  envelope.opening.reject(new Error('damaged'))
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(await reading).toMatchObject({ from: 'source', value: 'new', why: 'void' })
})

test('a payload that can not be made is reported, and its lease given back', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope, async () => 'loaded')
  const landing = cache.item.get('a')
  await clock.advance(1)
  expect(await landing).toBe('loaded')
  envelope.sealing.reject(new Error('no memory'))
  await clock.advance(1)
  expect(cache.stats().families.item?.stores).toEqual({ invalid: 1 })
  expect(server.text('item:a')).toBeUndefined()
})

test('a set of a large value is sent when its payload is made', async () => {
  const envelope = new SlowEnvelope()
  const cache = await open(envelope)
  const setting = cache.ordered.set('a', 5)
  await clock.advance(1)
  expect(cache.stats().families.ordered?.sets).toBe(0)
  envelope.sealing.resolve()
  await clock.advance(1)
  expect(await setting).toMatchObject({ stored: false, why: 'notHeld' })
})
