import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'

interface Item {
  readonly name: string
  readonly parts: readonly { readonly size: number }[]
}

const catalog = defineCatalog('values', {
  any: family('any:{name}', { value: shape<unknown>(), ttl: '30s' }),
  item: family('item:{name}', { value: shape<Item>(), ttl: '30s' }),
  loose: family('loose:{name}', { value: shape<Item>(), ttl: '30s', freeze: false }),
})
const falsy: readonly unknown[] = [null, 0, '', false, [], {}]
const wide = {
  text: 'ü€😀 | , ; \u0000 " \\ \u2028',
  numbers: [1e308, 5e-324, -1.5, Number.MAX_SAFE_INTEGER, 0.1],
  nested: [[[{ deep: null }]]],
  keys: { '': 1, 'a.b': 2, '|': 3 },
}

describeCache('values', (open) => {
  it.each(falsy)('%j is a value in memory, in the second tier and at another reader', async (v) => {
    const source = vi.fn(async () => v)
    const writer = await open(catalog, { sources: { any: source } })
    const reader = await open(catalog)
    expect(await writer.any.get('a')).toEqual(v)
    await writer.settled()
    expect(await writer.any.get('a')).toEqual(v)
    expect(await reader.any.get('a')).toEqual(v)
    expect(await reader.any.get('a')).toEqual(v)
    expect(source).toHaveBeenCalledTimes(1)
  })

  it('is the same from every tier, whatever its texts and numbers', async () => {
    const writer = await open(catalog, { sources: { any: () => wide } })
    const reader = await open(catalog)
    expect(await writer.any.get('w')).toStrictEqual(wide)
    await writer.settled()
    const outcome = await reader.any.lookup('w')
    expect(outcome).toMatchObject({ from: 'redis', why: 'stored' })
    expect(outcome.value).toStrictEqual(wide)
  })

  it('gives every caller the same object, frozen at any depth', async () => {
    const loaded = { name: 'x', parts: [{ size: 1 }] }
    const cache = await open(catalog, { sources: { item: async () => loaded } })
    const [first, joined] = await Promise.all([cache.item.get('a'), cache.item.get('a')])
    await cache.settled()
    expect(joined).toBe(first)
    expect(await cache.item.get('a')).toBe(first)
    expect(cache.item.peek('a')).toBe(first)
    expect(await cache.item.getMany(['a', 'a'])).toEqual([first, first])
    expect(first).toBe(loaded)
    expect(Object.isFrozen(first?.parts[0])).toBe(true)
    expect(Object.isFrozen(first?.parts)).toBe(true)
  })

  it('freezes what it has read from the second tier as well', async () => {
    const writer = await open(catalog, { sources: { item: () => ({ name: 'x', parts: [] }) } })
    const reader = await open(catalog)
    await writer.item.get('a')
    await writer.settled()
    const read = await reader.item.get('a')
    expect(Object.isFrozen(read)).toBe(true)
    expect(Object.isFrozen(read?.parts)).toBe(true)
    expect(await reader.item.get('a')).toBe(read)
  })

  it('leaves values unfrozen where the family says so', async () => {
    const writer = await open(catalog, { sources: { loose: () => ({ name: 'x', parts: [] }) } })
    const reader = await open(catalog)
    expect(Object.isFrozen(await writer.loose.get('a'))).toBe(false)
    await writer.settled()
    expect(Object.isFrozen(await reader.loose.get('a'))).toBe(false)
  })

  it('makes -0 the same from every tier', async () => {
    const writer = await open(catalog, { sources: { any: () => ({ zero: -0 }) } })
    const reader = await open(catalog)
    expect(Object.is(at(await writer.any.get('z'), 'zero'), 0)).toBe(true)
    await writer.settled()
    expect(Object.is(at(await reader.any.get('z'), 'zero'), 0)).toBe(true)
  })

  it('takes a property that is undefined for absent', async () => {
    const writer = await open(catalog, { sources: { any: () => ({ a: 1, b: undefined }) } })
    const reader = await open(catalog)
    expect(await writer.any.get('u')).toEqual({ a: 1 })
    await writer.settled()
    expect(await reader.any.get('u')).toEqual({ a: 1 })
  })
})

function at(value: unknown, name: string): unknown {
  return Object(value)[name]
}
