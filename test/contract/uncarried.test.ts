import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('uncarried', {
  any: family('any:{name}', { value: shape<unknown>(), ttl: '30s' }),
  other: family('other:{name}', { value: shape<unknown>(), ttl: '30s' }),
  ordered: family('ordered:{name}', { value: shape<unknown>(), ttl: '30s', order: () => 1 }),
})
const cycle: { self?: unknown } = {}
cycle.self = cycle

const uncarried: readonly (readonly [what: string, value: unknown, path: string])[] = [
  ['a Date', { when: new Date(0) }, '.when'],
  ['a Map', { items: [new Map()] }, '.items[0]'],
  ['a Set', new Set(), ''],
  ['a BigInt', { big: 1n }, '.big'],
  ['NaN', [1, Number.NaN], '[1]'],
  ['Infinity', { a: { b: Number.POSITIVE_INFINITY } }, '.a.b'],
  ['a cycle', cycle, '.self'],
  ['a function', { run: () => 1 }, '.run'],
  ['a symbol', { mark: Symbol('x') }, '.mark'],
  ['undefined in an array', [undefined], '[0]'],
  ['a typed array', { bytes: new Uint8Array(2) }, '.bytes'],
  ['an instance of a class', { error: new Error('x') }, '.error'],
]

describeCache('values that cannot be carried', (open) => {
  it.each(uncarried)('returns %s from the source and keeps it nowhere', async (_, value) => {
    const source = vi.fn(async () => value)
    const cache = await open(catalog, { sources: { any: source } })
    const other = await open(catalog)
    expect(await cache.any.get('a')).toBe(value)
    await cache.settled()
    expect(cache.any.peek('a')).toBeUndefined()
    await expect(other.any.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    expect(await cache.any.get('a')).toBe(value)
    expect(source).toHaveBeenCalledTimes(2)
  })

  it.each(uncarried)('refuses to set %s, naming its path', async (_, value, path) => {
    const cache = await open(catalog)
    await expect(cache.ordered.set('a', value)).rejects.toMatchObject({
      code: 'SP_VALUE_NOT_CARRIED',
      family: 'ordered',
      key: 'ordered:a',
      received: expect.stringContaining(path),
    })
  })

  it('counts each and reports it once per family', async () => {
    const recorder = new Recorder()
    const load = () => new Date(0)
    const cache = await open(catalog, {
      sources: { any: load, other: load },
      observers: [recorder],
    })
    for (const id of ['a', 'b', 'a', 'c']) await cache.any.get(id)
    await cache.other.get('a')
    await cache.settled()
    expect(cache.stats().families.any?.stores.notCarried).toBe(4)
    const told = recorder.of('fault').map(({ error }) => [error.code, error.family])
    expect(told).toEqual([
      ['SP_VALUE_NOT_CARRIED', 'any'],
      ['SP_VALUE_NOT_CARRIED', 'other'],
    ])
  })
})
