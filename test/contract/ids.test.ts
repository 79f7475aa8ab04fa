import { defineCatalog, type FamilyView, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'

const catalog = defineCatalog('ids', {
  text: family('text:{name}', { value: shape<string>(), ttl: '30s' }),
  int: family('int:{userId:int}', { value: shape<number>(), ttl: '30s' }),
  pair: family('pair:{userId:int}:{name}', { value: shape<string>(), ttl: '30s' }),
  none: family('none', { value: shape<number>(), ttl: '30s' }),
})
const sources = {
  text: { many: async (ids: readonly string[]) => ids.map((id) => `<${id}>`) },
  int: async (id: number) => id * 2,
  pair: async ({ userId, name }: { userId: number; name: string }) => `${userId}/${name}`,
  none: async () => 42,
}
const texts = [
  '',
  ' ',
  'a:b',
  'a/b|c,d;e',
  '%41',
  '*',
  '?[a]\\{b}',
  'ü€😀',
  '\u0000\n',
  'e\u0301',
  '\u00e9',
  '__proto__',
  'constructor',
  'x'.repeat(1_024),
]
const noText: readonly unknown[] = [undefined, null, 7, true, {}, [], Symbol('x'), 1n]
const noInt: readonly unknown[] = [
  ...[undefined, null, '7', true, {}, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, 7n],
]
const noPair: readonly unknown[] = [
  undefined,
  null,
  7,
  'a',
  [1, 'a'],
  { userId: 1 },
  { userId: 1, name: 'a', more: 1 },
  { userId: '1', name: 'a' },
  { userId: 1, name: undefined },
]

describeCache('ids', (open) => {
  it('may be any well-formed text, each with a value of its own in every tier', async () => {
    const writer = await open(catalog, { sources })
    const reader = await open(catalog)
    expect(await writer.text.getMany(texts)).toEqual(texts.map((id) => `<${id}>`))
    await writer.settled()
    for (const id of texts) {
      expect(writer.text.peek(id)).toBe(`<${id}>`)
      expect(await reader.text.get(id)).toBe(`<${id}>`)
      await reader.text.invalidate(id)
      expect(reader.text.peek(id)).toBeUndefined()
    }
  })

  it.each(noText)('of texts refuse anything else (%#)', async (id) => {
    const cache = await open(catalog, { sources })
    await refuses(cache.family('text'), id, 'SP_ID_TYPE')
  })

  it.each(noInt)('of integers refuse anything else (%#)', async (id) => {
    const cache = await open(catalog, { sources })
    await refuses(cache.family('int'), id, 'SP_ID_TYPE')
  })

  it.each(noPair)('of several parameters have exactly these fields (%#)', async (id) => {
    const cache = await open(catalog, { sources })
    await refuses(cache.family('pair'), id, 'SP_ID_TYPE')
  })

  it.each(['\ud800', 'a\udc00b', '\udc00\ud800'])(
    'refuse half of a surrogate pair (%#)',
    async (id) => {
      const cache = await open(catalog, { sources })
      await refuses(cache.family('text'), id, 'SP_ID_TYPE')
      await refuses(cache.family('pair'), { userId: 1, name: id }, 'SP_ID_TYPE')
    },
  )

  it.each(['x'.repeat(1_025), '€'.repeat(114), ':'.repeat(342)])(
    'are at most 1,024 encoded bytes (%#)',
    async (id) => {
      const cache = await open(catalog, { sources })
      await refuses(cache.family('text'), id, 'SP_ID_TOO_LONG')
      await refuses(cache.family('pair'), { userId: 1, name: id }, 'SP_ID_TOO_LONG')
    },
  )

  it('are numbers of the whole safe range, 0 and -0 being one', async () => {
    const load = vi.fn(async (id: number) => id)
    const cache = await open(catalog, { sources: { int: load } })
    const ids = [0, -1, 7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
    for (const id of ids) expect(await cache.int.get(id)).toBe(id)
    await cache.settled()
    expect(await cache.int.lookup(-0)).toMatchObject({ from: 'memory', value: 0 })
    expect(load).toHaveBeenCalledTimes(ids.length)
  })

  it('that are objects mean the same in any order of their fields', async () => {
    const cache = await open(catalog, { sources })
    expect(await cache.pair.get({ userId: 1, name: 'a' })).toBe('1/a')
    await cache.settled()
    expect(await cache.pair.lookup({ name: 'a', userId: 1 })).toMatchObject({ from: 'memory' })
    expect(await cache.pair.get({ userId: 1, name: '2:b' })).toBe('1/2:b')
    expect(await cache.pair.get({ userId: 12, name: 'b' })).toBe('12/b')
  })

  it('are absent where the template has no parameter', async () => {
    const cache = await open(catalog, { sources })
    expect(await cache.none.get()).toBe(42)
    await cache.settled()
    expect(cache.none.peek()).toBe(42)
    expect(await cache.none.lookup()).toMatchObject({ from: 'memory', value: 42 })
    expect(await cache.none.get({ consistency: 'strict' })).toBe(42)
    expect(cache.none.key()).toEqual({ family: 'none', text: 'none' })
    expect((await cache.none.invalidate({ reason: 'x' })).keys).toEqual(['none'])
    expect(await cache.none.refresh()).toBe(42)
    expect('getMany' in cache.none).toBe(false)
    expect('lookupMany' in cache.none).toBe(false)
    await refuses(cache.family('none'), 'a', 'SP_ID_TYPE')
  })

  it("of one user are never another's", async () => {
    const cache = await open(catalog, { sources })
    for (const id of [1, 10, 100]) await cache.int.get(id)
    await cache.settled()
    await cache.int.invalidate(1)
    expect([1, 10, 100].map((id) => cache.int.peek(id))).toEqual([undefined, 20, 200])
  })

  it('are taken as they are at the call, whatever is done to them later', async () => {
    const writer = await open(catalog, { sources })
    const reader = await open(catalog)
    const names = ['alice', 'bob']
    const batch = writer.text.getMany(names)
    names[0] = 'mallory'
    names.length = 1
    const pair = { userId: 7, name: 'alice' }
    const one = writer.pair.get(pair)
    pair.name = 'mallory'
    const other = { userId: 8, name: 'bob' }
    const many = writer.pair.getMany([other])
    other.name = 'mallory'
    expect(await batch).toEqual(['<alice>', '<bob>'])
    expect(await one).toBe('7/alice')
    expect(await many).toEqual(['8/bob'])
    await writer.settled()
    expect(writer.text.peek('mallory')).toBeUndefined()
    expect(await reader.text.get('alice')).toBe('<alice>')
    expect(await reader.pair.get({ userId: 7, name: 'alice' })).toBe('7/alice')
  })
})

async function refuses(view: FamilyView, id: unknown, code: string): Promise<void> {
  const expected = { code, family: view.name }
  await expect(view.get(id)).rejects.toMatchObject(expected)
  await expect(view.get(id, { consistency: 'strict' })).rejects.toMatchObject(expected)
  await expect(view.getMany([id])).rejects.toMatchObject(expected)
  await expect(view.refresh(id)).rejects.toMatchObject(expected)
  await expect(view.invalidate([id])).rejects.toMatchObject(expected)
  expect(() => view.key(id)).toThrow(expect.objectContaining(expected))
}
