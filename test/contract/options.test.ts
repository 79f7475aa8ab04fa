import { defineCatalog, family, openCache, shape } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { useCaches } from './caches.ts'

const value = shape<number>()
const item = family('item:{name}', { value, ttl: '30s' })
const catalog = defineCatalog('options', {
  item,
  none: family('none', { value, ttl: '30s' }),
})
type Refusal = readonly [what: string, options: object, expected: object]
const invalid = (name: string) => ({
  code: 'SP_OPTION_INVALID',
  message: expect.stringContaining(name),
  expected: expect.any(String),
  received: expect.any(String),
})
const unknown = (expected: string) => ({ code: 'SP_OPTION_UNKNOWN', expected })

const ofFamily: readonly Refusal[] = [
  ['no ttl', { value }, { code: 'SP_OPTION_INVALID', message: expect.stringContaining('ttl') }],
  ['no value', { ttl: '30s' }, invalid('value')],
  ['a value that is no schema', { value: {}, ttl: '30s' }, invalid('value')],
  ['a misspelt option', { value, tll: '30s' }, unknown("'ttl'")],
  ['another one', { value, ttl: '30s', negativettl: '1s' }, unknown("'negativeTtl'")],
  ['seconds as a number', { value, ttl: 30 }, { ...invalid('ttl'), expected: /30s/ }],
  ['zero', { value, ttl: 0 }, invalid('ttl')],
  ['a negative ttl', { value, ttl: -1 }, invalid('ttl')],
  ['an endless ttl', { value, ttl: Number.POSITIVE_INFINITY }, invalid('ttl')],
  ['a ttl without unit', { value, ttl: '30' }, invalid('ttl')],
  ['a unit of its own', { value, ttl: '30 sec' }, invalid('ttl')],
  ['a short negativeTtl', { value, ttl: '30s', negativeTtl: 5 }, invalid('negativeTtl')],
  ['tags that are no function', { value, ttl: '30s', tags: ['a'] }, invalid('tags')],
  ['an order that is no function', { value, ttl: '30s', order: 'seq' }, invalid('order')],
  ['a freeze that is no boolean', { value, ttl: '30s', freeze: 'no' }, invalid('freeze')],
  ['a size below nothing', { value, ttl: '30s', maxValueBytes: 0 }, invalid('maxValueBytes')],
  ['versionOf that is no list', { value, ttl: '30s', versionOf: 'v2' }, invalid('versionOf')],
  ['setOnly without order', { value, ttl: '30s', setOnly: true }, invalid('setOnly')],
]
const templates = ['', 'a{', 'a}', 'a{b}{c}', 'a:{b}:{b}', 'a:{b:float}', '{b}', 'a b:{c}', 'a:*']
const ofCache: readonly Refusal[] = [
  ['a misspelt option', { sevice: 'x' }, unknown("'service'")],
  ['another one', { service: 'x', namepsace: 'y' }, unknown("'namespace'")],
  ['no service', { service: undefined }, invalid('service')],
  ['a service with spaces', { service: 'the api' }, invalid('service')],
  ['a namespace with braces', { service: 'x', namespace: '{a}' }, invalid('namespace')],
  ['an empty address', { service: 'x', redis: '' }, invalid('redis')],
  ['an address of another protocol', { service: 'x', redis: 'http://h' }, anyInvalid()],
  ['a number as address', { service: 'x', redis: 6379 }, invalid('redis')],
  [
    'reads from replicas',
    { service: 'x', redis: { role: 'slave' } },
    { code: 'SP_READ_FROM_REPLICA' },
  ],
  ['requireRedis without one', { service: 'x', requireRedis: true }, anyInvalid()],
  ['a source of no family', { service: 'x', sources: { itm: () => 1 } }, unknown("'item'")],
  ['a source that is no function', { service: 'x', sources: { item: 7 } }, invalid('item')],
  ['a misspelt many', { service: 'x', sources: { item: { mny: () => [] } } }, unknown("'many'")],
  ['many without ids', { service: 'x', sources: { none: { many: () => [] } } }, invalid('none')],
  [
    'a maxBatch of zero',
    { service: 'x', sources: { item: { many, maxBatch: 0 } } },
    invalid('maxBatch'),
  ],
  ['memory: true', { service: 'x', memory: true }, anyInvalid()],
  ['a misspelt bound', { service: 'x', memory: { maxbytes: 1 } }, unknown("'maxBytes'")],
  ['memory of nothing', { service: 'x', memory: { maxBytes: 0 } }, invalid('maxBytes')],
  ['half an entry', { service: 'x', memory: { maxEntries: 0.5 } }, invalid('maxEntries')],
  ['a Δ of a millisecond', { service: 'x', trust: 1 }, invalid('trust')],
  ['a budget of zero', { service: 'x', budget: 0 }, invalid('budget')],
  [
    'an endless connectTimeout',
    { service: 'x', connectTimeout: Infinity },
    invalid('connectTimeout'),
  ],
  ['a loadTimeout in words', { service: 'x', loadTimeout: 'long' }, invalid('loadTimeout')],
  ['a leaseTtl of nothing', { service: 'x', leaseTtl: '1ms' }, invalid('leaseTtl')],
  ['no partitions', { service: 'x', partitions: 0 }, invalid('partitions')],
  ['a log that logs nothing', { service: 'x', log: { warn: () => {} } }, invalid('log')],
  ['observers that are none', { service: 'x', observers: [{}] }, invalid('observers')],
]

describe('options of a family', () => {
  it.each(ofFamily)('refuse %s', (_, options, expected) => {
    expect(caught(() => family('a:{b}', options as never))).toMatchObject(matching(expected))
  })

  it.each(templates)('refuse the template %j', (template) => {
    const error = caught(() => family(template as 'a', { value, ttl: '30s' }))
    expect(error).toMatchObject({ code: 'SP_TEMPLATE_INVALID' })
  })

  it.each(['30s', '1.5h', '500ms', '1d', 1_000, 86_400_000])('accept a ttl of %s', (ttl) => {
    expect(family('a:{b}', { value, ttl: ttl as '1s' }).rules.ttlMs).toBeGreaterThanOrEqual(500)
  })
})

describe('a catalog', () => {
  it.each(['free', 'close', 'then', 'mutate', 'lock', 'toString', 'invalidateTag'])(
    'is asked about the name %s',
    (name) => {
      const error = caught(() => defineCatalog('c', { [name as 'free']: item }))
      if (name === 'free') expect(error).toBeUndefined()
      else expect(error).toMatchObject({ code: 'SP_NAME_RESERVED', family: name })
    },
  )

  it.each([
    ['a:{x}', 'a:{y}'],
    ['a:{x}', 'a:b'],
    ['a:{x}:{y}', 'a:{x}:c'],
    ['a:{x:int}', 'a:{x}'],
  ])('refuses %s beside %s', (one, two) => {
    const declare = () =>
      defineCatalog('c', {
        one: family(one as 'a', { value, ttl: '30s' }),
        two: family(two as 'a', { value, ttl: '30s' }),
      })
    expect(caught(declare)).toMatchObject({ code: 'SP_TEMPLATE_CLASH' })
  })
})

describe('options of a cache', () => {
  const { open } = useCaches(() => ({}))

  it.each(ofCache)('refuse %s', async (_, options, expected) => {
    const opening = openCache(catalog, options as never)
    await expect(opening).rejects.toMatchObject(matching(expected))
  })

  it('accept undefined for every one of them but the service', async () => {
    const cache = await open(catalog, {
      redis: undefined,
      namespace: undefined,
      sources: undefined,
      memory: undefined,
      trust: undefined,
      budget: undefined,
      connectTimeout: undefined,
      leaseTtl: undefined,
      loadTimeout: undefined,
      requireRedis: undefined,
      partitions: undefined,
      log: undefined,
      observers: undefined,
    })
    expect(cache.health().state).toBe('ok')
  })

  it('leave the object of the caller as it was', async () => {
    const sources = { item: async () => 1 }
    const options = Object.freeze({ sources: Object.freeze(sources), memory: Object.freeze({}) })
    const cache = await open(catalog, options)
    expect(await cache.item.get('a')).toBe(1)
    expect(options).toEqual({ sources, memory: {} })
  })
})

describe('options of a call', () => {
  const { open } = useCaches(() => ({}))

  it.each([[null], [5], ['soon'], [[]]])('refuse %j', async (given) => {
    const sources = { none: async () => 1, item: async () => 1 }
    const cache = await open(catalog, { sources })
    const options = given as object
    const key = cache.item.key('a')
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      get: () => cache.item.get('a', options),
      getWithoutId: () => cache.none.get(options),
      getMany: () => cache.item.getMany(['a'], options),
      lookup: () => cache.item.lookup('a', options),
      lookupMany: () => cache.item.lookupMany(['a'], options),
      refresh: () => cache.item.refresh('a', options),
      set: () => cache.item.set('a', 1, options),
      invalidate: () => cache.item.invalidate('a', options),
      clear: () => cache.item.clear(options),
      invalidateTag: () => cache.invalidateTag('t', options),
      invalidatePattern: () => cache.invalidatePattern('item:*', options),
      clearAll: () => cache.clear(options),
      mutate: () => cache.mutate([key], async () => 1, options),
    }
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).rejects.toMatchObject(invalid('options'))
    }
  })
})

function many(): number[] {
  return []
}

function anyInvalid() {
  return { code: 'SP_OPTION_INVALID' }
}

/** A pattern in an expectation means a text that it matches. */
function matching(expected: object): object {
  const entries = Object.entries(expected).map(([name, wanted]) => [
    name,
    wanted instanceof RegExp ? expect.stringMatching(wanted) : wanted,
  ])
  return Object.fromEntries(entries)
}

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
