/** What a process may read of a server that has not taken its invalidations yet. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEnvelopes } from '../codec/index.ts'
import type { JournalRecord } from '../coherence/index.ts'
import { defineCatalog } from '../core/catalog.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Spool } from '../core/contracts/spool.ts'
import { type Store, StoreFault } from '../core/contracts/store.ts'
import { family } from '../core/family.ts'
import { resolveOptions } from '../core/resolved-options.ts'
import { shape } from '../core/shape.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { createCache } from './create-cache.ts'
import { askOf } from './delivery-world.test-support.ts'
import type { RuntimeCache } from './runtime-cache.ts'
import { formatSpoolLine } from './spool-line.ts'

const catalog = defineCatalog('pending', {
  item: family('item:{name}', {
    value: shape<number>(),
    ttl: '5m',
    // The first follows from the id; only the value tells the second.
    tags: (value, name) => [`name:${name}`, ...(value === undefined ? [] : [`value:${value}`])],
  }),
  valued: family('valued:{name}', {
    value: shape<number>(),
    ttl: '5m',
    tags: (value) => [`value:${value.toFixed()}`],
  }),
})

const entry = { partition: 0, reason: 'left', sinceMs: 1, via: 'retry' } as const
const key = { kind: 'key', ask: askOf('valued:a') } as const
const tag = (text: string) => ({ kind: 'tag', tag: text }) as const
const left: readonly (readonly [string, JournalRecord])[] = [
  ['its key', { ...entry, wish: key }],
  ['a tag that only its value tells', { ...entry, wish: tag('value%3A1') }],
  ['its family', { ...entry, wish: tag('_valued') }],
  ['everything', { ...entry, wish: { kind: 'floor' } }],
  ['a pattern that matches it', { pattern: 'valued:*', reason: 'left', sinceMs: 1 }],
]

let clock: VirtualClock
let server: EmbeddedServer
let caches: RuntimeCache[]
let value: number
let isRefusing: boolean
/** Methods of the store that the refused process has called. */
let asked: string[]

beforeEach(() => {
  clock = new VirtualClock()
  server = new EmbeddedServer({ clock, chance: new SeededChance(1) })
  caches = []
  value = 1
  isRefusing = true
  asked = []
})
afterEach(async () => {
  isRefusing = false
  await Promise.all(caches.map((cache) => cache.close()))
})

const open = async (records: readonly JournalRecord[] = []) => {
  const load = async () => value
  const sources = { item: load, valued: load }
  const options = resolveOptions(catalog, { service: 'test', log: false, sources })
  const chance = new SeededChance(caches.length + 2)
  const nextTurn = async () => {}
  const opened = createCache(catalog, options, {
    remote: records.length === 0 ? remoteOf() : refusing(remoteOf()),
    memory: new AdaptiveMemory({ bytesMax: 1_000_000, entriesMax: 100 }),
    envelopeOf: await openEnvelopes(catalog.compiled.values(), {
      sources: options.sources,
      chance,
      nextTurn,
    }),
    clock,
    chance,
    spool: spoolWith(records),
    log: undefined,
  })
  await clock.advance(1)
  const cache = await opened
  caches.push(cache)
  return cache
}
const remoteOf = () => openEmbedded(server, { clock, withBus: true })
const spoolWith = (records: readonly JournalRecord[]): Spool => ({
  open: async () => {},
  adopt: async function* () {
    yield records.map(formatSpoolLine)
  },
  append: async () => {},
  rewrite: async () => {},
  close: async () => {},
})

/** Takes reads, leases and stores, but no invalidation. */
function refusing(remote: Remote): Remote {
  const fault = () => new StoreFault('refused', 'told to refuse')
  const store: Store = new Proxy(remote.store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const isAnnouncement = ['invalidate', 'raise', 'scan', 'tellPattern'].includes(String(name))
      return (...args: unknown[]): unknown => {
        asked.push(String(name))
        if (!isAnnouncement || !isRefusing) return Reflect.apply(member, target, args)
        if (name === 'scan') throw fault()
        return Promise.reject(fault())
      }
    },
  })
  const { kind, bus } = remote
  return {
    kind,
    bus,
    store,
    open: (process, listener) => remote.open(process, listener),
    close: () => remote.close(),
  }
}

test.each(left)('while %s is pending a value is loaded and stored nowhere', async (_, record) => {
  const other = await open()
  await other.view('valued').get('a')
  value = 2
  const cache = await open([record])
  for (const _attempt of [1, 2]) {
    const outcome = await cache.view('valued').lookup('a')
    expect(outcome).toMatchObject({ from: 'source', why: 'invalidationPending', value: 2 })
  }
  expect(cache.view('valued').peek('a')).toBeUndefined()
  expect(await other.view('valued').get('a', { consistency: 'strict' })).toBe(1)
})

const known = left.filter(([name]) => name !== 'a tag that only its value tells')

test.each(known)('while %s is pending Redis is not even asked for a value', async (_, record) => {
  const cache = await open([record])
  asked = []
  await cache.view('valued').get('a')
  expect(asked).not.toContain('read')
  expect(asked).not.toContain('lease')
})

test.each(left)('when %s is taken at last, it is read as ever', async (_, record) => {
  const other = await open()
  await other.view('valued').get('a')
  value = 2
  const cache = await open([record])
  isRefusing = false
  await clock.advance(10_000)
  expect(cache.pending()).toEqual([])
  expect(await other.view('valued').get('a')).toBe(2)
  await clock.advance(1)
  expect(await cache.view('valued').lookup('a')).toMatchObject({ from: 'redis', value: 2 })
})

test('what is pending says nothing of other keys and tags', async () => {
  const other = await open()
  await other.view('item').get('a')
  const records = left.filter(([name]) => name !== 'everything' && !name.startsWith('a tag'))
  const cache = await open([...records.map(([, record]) => record), tagOf('name%3Ab')])
  expect(await cache.view('item').lookup('a')).toMatchObject({ from: 'redis', value: 1 })
})

test('a value that turns out to carry a pending tag is not stored', async () => {
  const cache = await open([tagOf('value%3A1')])
  expect(await cache.view('item').lookup('a')).toMatchObject({ from: 'source', value: 1 })
  expect(cache.view('item').peek('a')).toBeUndefined()
  // Its lease is given back, so that nobody waits for it.
  expect(server.text('item:a')).toBeUndefined()
})

function tagOf(text: string): JournalRecord {
  return { ...entry, wish: { kind: 'tag', tag: text } }
}
