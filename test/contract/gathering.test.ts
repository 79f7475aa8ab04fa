/** Single reads of one tick, and the calls of a source that they share. */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache } from './caches.ts'
import { HeldSource } from './sources.ts'

const families = {
  item: family('item:{name}', { value: shape<string>(), ttl: '30s' }),
  sum: family('sum:{number:int}', { value: shape<number>(), ttl: '30s' }),
}
const catalog = defineCatalog('gathering', families)
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)
const upper = async (ids: readonly string[]) => ids.map((id) => id.toUpperCase())

describeCache('single reads of one tick', (open) => {
  it('share a call of a source that takes many ids', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    const values = await Promise.all(names(64).map((name) => cache.item.get(name)))
    expect(values).toEqual(names(64).map((name) => name.toUpperCase()))
    expect(many.mock.calls.map(([ids]) => ids)).toEqual([names(64)])
  })

  it('share it whatever their options are', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many } } })
    await Promise.all([
      cache.item.get('a'),
      cache.item.get('b', { consistency: 'strict' }),
      cache.item.get('c', { consistency: 'fresh' }),
      cache.item.lookup('d', { timeout: '5s' }),
      cache.item.getMany(['e']),
    ])
    expect(many).toHaveBeenCalledTimes(1)
  })

  it('ask for no more ids at once than the source takes', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many, maxBatch: 10 } } })
    await Promise.all(names(25).map((name) => cache.item.get(name)))
    expect(many.mock.calls.map(([ids]) => ids.length)).toEqual([10, 10, 5])
  })

  it('have a call each where the source does not gather', async () => {
    const many = vi.fn(upper)
    const cache = await open(catalog, { sources: { item: { many, gather: false } } })
    await Promise.all(names(3).map((name) => cache.item.get(name)))
    expect(many.mock.calls.map(([ids]) => ids)).toEqual([['n0'], ['n1'], ['n2']])
    await cache.item.getMany(['m0', 'm1'])
    expect(many).toHaveBeenCalledTimes(4)
  })

  it('all fail with the error of the call that they share, the same object', async () => {
    const error = new Error('no database')
    const cache = await open(catalog, { sources: { item: { many: () => Promise.reject(error) } } })
    const reads = await Promise.allSettled(names(3).map((name) => cache.item.get(name)))
    expect(reads.map((read) => read.status === 'rejected' && read.reason)).toEqual(
      names(3).map(() => error),
    )
    const outcome = await cache.item.lookup('n0')
    expect(outcome).toMatchObject({ from: 'none', why: 'sourceFailed', error })
  })

  it('do not wait for each other where the source takes one id', async () => {
    const source = new HeldSource<string, string>()
    const cache = await open(catalog, { sources: { item: source.load } })
    const [slow, quick] = [cache.item.get('slow'), cache.item.get('quick')]
    await eventually('both are being loaded', () => source.calls.length === 2)
    source.calls.find(({ id }) => id === 'quick')?.answer('Q')
    expect(await quick).toBe('Q')
    await eventually('the quick one is kept', () => cache.item.peek('quick') === 'Q')
    source.calls.find(({ id }) => id === 'slow')?.answer('S')
    expect(await slow).toBe('S')
  })

  it('fail alone where the source takes one id', async () => {
    const error = new Error('no such row')
    const load = async (id: string) => (id === 'bad' ? Promise.reject(error) : id)
    const cache = await open(catalog, { sources: { item: load } })
    const [bad, good] = await Promise.allSettled([cache.item.get('bad'), cache.item.get('good')])
    expect(bad).toMatchObject({ status: 'rejected', reason: error })
    expect(good).toMatchObject({ status: 'fulfilled', value: 'good' })
  })

  it('keep what was not invalidated meanwhile, and only that', async () => {
    const source = new HeldSource<readonly string[], readonly string[]>()
    const cache = await open(catalog, { sources: { item: { many: source.load } } })
    const reads = Promise.all([cache.item.get('a'), cache.item.get('b')])
    await eventually('they are being loaded', () => source.calls.length === 1)
    await cache.item.invalidate('a')
    source.call().answer(['A', 'B'])
    expect(await reads).toEqual(['A', 'B'])
    await cache.settled()
    expect([cache.item.peek('a'), cache.item.peek('b')]).toEqual([undefined, 'B'])
  })

  it('go on when one of their callers leaves, and end when all have', async () => {
    const source = new HeldSource<readonly string[], readonly string[]>()
    const cache = await open(catalog, { sources: { item: { many: source.load } } })
    const [one, other] = [new AbortController(), new AbortController()]
    const reads = [
      cache.item.get('a', { signal: one.signal }),
      cache.item.get('b', { signal: other.signal }),
    ]
    const settled = Promise.allSettled(reads)
    await eventually('they are being loaded', () => source.calls.length === 1)
    const { signal } = source.call()
    one.abort()
    await expect(reads[0]).rejects.toMatchObject({ code: 'SP_ABORTED' })
    expect(signal.aborted).toBe(false)
    other.abort()
    await settled
    expect(signal.aborted).toBe(true)
  })
})

describeCache('reads that a source makes', (open) => {
  it('share a call too', async () => {
    const many = vi.fn(upper)
    let cache: Cache<typeof families> | undefined
    cache = await open(catalog, {
      sources: {
        item: { many },
        sum: async (number) => {
          const parts = names(number).map((name) => cache?.item.get(name))
          return (await Promise.all(parts)).length
        },
      },
    })
    expect(await cache.sum.get(5)).toBe(5)
    expect(many).toHaveBeenCalledTimes(1)
  })

  it('may need what the same call is loading for somebody else', async () => {
    let cache: Cache<typeof families> | undefined
    const sumOf = async (number: number) => {
      return number === 0 ? 0 : number + ((await cache?.sum.get(number - 1)) ?? 0)
    }
    const many = vi.fn((ids: readonly number[]) => Promise.all(ids.map(sumOf)))
    cache = await open(catalog, { sources: { sum: { many } } })
    const reads = [3, 2, 1].map((number) => cache?.sum.get(number))
    expect(await Promise.all(reads)).toEqual([6, 3, 1])
    expect(many.mock.calls[0]?.[0]).toEqual([3, 2, 1])
  })

  it('are a cycle all the same when they need each other', async () => {
    let cache: Cache<typeof families> | undefined
    const otherOf = async (number: number) => (await cache?.sum.get(1 - number)) ?? 0
    const many = (ids: readonly number[]) => Promise.all(ids.map(otherOf))
    cache = await open(catalog, { sources: { sum: { many } } })
    const reads = await Promise.allSettled([cache.sum.get(0), cache.sum.get(1)])
    for (const read of reads) {
      expect(read).toMatchObject({ status: 'rejected', reason: { code: 'SP_LOAD_CYCLE' } })
    }
  })

  it('store nothing under the lease that their own call holds', async () => {
    const outcomes: string[] = []
    let cache: Cache<typeof families> | undefined
    const partOf = async (number: number) => {
      if (number !== 2) return number
      const outcome = await cache?.sum.lookup(1)
      outcomes.push(`${outcome?.from} ${outcome?.why}`)
      return number
    }
    const many = (ids: readonly number[]) => Promise.all(ids.map(partOf))
    cache = await open(catalog, { sources: { sum: { many } } })
    await Promise.all([cache.sum.get(1), cache.sum.get(2)])
    expect(outcomes).toEqual(['source nested'])
    await cache.settled()
    expect([cache.sum.peek(1), cache.sum.peek(2)]).toEqual([1, 2])
  })
})
