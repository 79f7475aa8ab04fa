import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('many', {
  item: family('item:{name}', { value: shape<string>(), ttl: '30s' }),
})
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)
const upper = async (ids: readonly string[]) => ids.map((id) => id.toUpperCase())

describeCache('reading many', (open) => {
  it('keeps order and duplicates', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    expect(await cache.item.getMany(['b', 'a', 'b', 'c', 'a'])).toEqual(['B', 'A', 'B', 'C', 'A'])
    expect(many).toHaveBeenCalledTimes(1)
    expect(many.mock.calls[0]?.[0]).toEqual(['b', 'a', 'c'])
    await cache.settled()
    expect(await cache.item.getMany(['c', 'c', 'b'])).toEqual(['C', 'C', 'B'])
    expect(many).toHaveBeenCalledTimes(1)
  })

  it('of nothing is nothing', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    expect(await cache.item.getMany([])).toEqual([])
    expect(await cache.item.lookupMany([])).toEqual([])
    expect(many).not.toHaveBeenCalled()
  })

  it('of what is no array is refused with a code', async () => {
    const cache = await open(catalog, { sources: { item: { many: upper } } })
    for (const ids of [null, undefined, 'abc', { length: 1 }] as unknown as string[][]) {
      await expect(cache.item.getMany(ids)).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
      await expect(cache.item.lookupMany(ids)).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
    }
  })

  it('loads only what no tier has', async () => {
    const many = vi.fn(upper)
    const writer = await open(catalog, { sources: { item: { many: upper } } })
    const cache = await open(catalog, { sources: { item: { many } } })
    await writer.item.getMany(['redis'])
    await writer.settled()
    await cache.item.get('memory')
    await cache.settled()
    const outcomes = await cache.item.lookupMany(['memory', 'redis', 'new'])
    expect(outcomes.map(({ from, value }) => [from, value])).toEqual([
      ['memory', 'MEMORY'],
      ['redis', 'REDIS'],
      ['source', 'NEW'],
    ])
    expect(many.mock.calls.map(([ids]) => ids)).toEqual([['memory'], ['new']])
  })

  it('joins loads that are under way', async () => {
    const source = new HeldSource<readonly string[], string[]>()
    const cache = await open(catalog, { sources: { item: { many: source.load } } })
    const one = cache.item.get('a')
    await vi.waitUntil(() => source.calls.length === 1)
    const batch = cache.item.getMany(['a', 'b'])
    await vi.waitUntil(() => source.calls.length === 2)
    expect(source.calls.map(({ id }) => id)).toEqual([['a'], ['b']])
    source.call(0).answer(['A'])
    source.call(1).answer(['B'])
    expect(await one).toBe('A')
    expect(await batch).toEqual(['A', 'B'])
  })

  it('rejects where one id has no answer, and lookupMany gives each its own', async () => {
    const failure = new Error('no c')
    const load = async (id: string) => {
      if (id === 'c') throw failure
      return id
    }
    const cache = await open(catalog, { sources: { item: load } })
    await expect(cache.item.getMany(['a', 'c', 'b'])).rejects.toBe(failure)
    const outcomes = await cache.item.lookupMany(['a', 'c', 'b'])
    expect(outcomes.map(({ value }) => value)).toEqual(['a', undefined, 'b'])
    expect(outcomes[1]).toMatchObject({ from: 'none', why: 'sourceFailed', error: failure })
  })

  it.each([
    ['too few', async (ids: readonly string[]) => ids.slice(1)],
    ['too many', async (ids: readonly string[]) => [...ids, 'more']],
    ['no array', async () => JSON.parse('{"a":"A"}')],
    ['nothing', async () => JSON.parse('null')],
  ])('refuses an answer of %s', async (_, many) => {
    const cache = await open(catalog, { sources: { item: { many } } })
    await expect(cache.item.getMany(['a', 'b'])).rejects.toMatchObject({
      code: 'SP_SOURCE_SHAPE',
      family: 'item',
      expected: 'an array of 2',
    })
    const [outcome] = await cache.item.lookupMany(['a'])
    expect(outcome).toMatchObject({ from: 'none', why: 'sourceFailed' })
  })

  it('asks for at most 200 at a time by default, and each id once', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    const ids = names(450)
    expect(await cache.item.getMany(ids)).toEqual(ids.map((id) => id.toUpperCase()))
    const sizes = many.mock.calls.map(([asked]) => asked.length)
    expect(Math.max(...sizes)).toBe(200)
    expect(sizes).toHaveLength(3)
    expect(new Set(many.mock.calls.flatMap(([asked]) => asked)).size).toBe(450)
    await cache.settled()
    expect(cache.stats().memory.entries).toBe(450)
  })

  it('obeys a smaller maxBatch', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many, maxBatch: 2 } } })
    await cache.item.getMany(names(5))
    expect(many.mock.calls.map(([ids]) => ids.length).sort()).toEqual([1, 2, 2])
  })

  it('runs at most 16 loads at a time where the source takes one id', async () => {
    const source = new HeldSource<string, string>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const ids = names(40)
    const batch = cache.item.getMany(ids)
    await vi.waitUntil(() => source.calls.length === 16)
    for (let next = 0; next < ids.length; next++) {
      await vi.waitUntil(() => source.calls.length > next)
      expect(source.calls.length - next).toBeLessThanOrEqual(16)
      source.call(next).answer(source.call(next).id)
    }
    expect(await batch).toEqual(ids)
  })

  it('prints no warning however many loads run', async () => {
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => warnings.push(message)
    process.on('warning', onWarning)
    const source = new HeldSource<string, string>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const reads = names(50).map((id) => cache.item.get(id))
    await vi.waitUntil(() => source.calls.length === 50)
    for (const { id, answer } of source.calls) answer(id)
    await Promise.all(reads)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('does not let one id of the wrong type pass', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    await expect(cache.family('item').getMany(['a', 7])).rejects.toMatchObject({
      code: 'SP_ID_TYPE',
    })
    expect(many).not.toHaveBeenCalled()
  })

  it('want each other: both end, for nobody waits while holding what others need', async () => {
    const [one, two] = [new HeldSource<string, string>(), new HeldSource<string, string>()]
    const left = await open(catalog, { sources: { item: one.load } })
    const right = await open(catalog, { sources: { item: two.load } })
    const alone = [left.item.get('a'), right.item.get('b')]
    await vi.waitUntil(() => one.calls.length === 1 && two.calls.length === 1)
    const both = [left.item.getMany(['a', 'b']), right.item.getMany(['b', 'a'])]
    one.call().answer('A')
    two.call().answer('B')
    expect(await Promise.all(alone)).toEqual(['A', 'B'])
    expect(await Promise.all(both)).toEqual([
      ['A', 'B'],
      ['B', 'A'],
    ])
    // Neither has loaded what the other was loading.
    expect([one.calls.length, two.calls.length]).toEqual([1, 1])
  })
})
