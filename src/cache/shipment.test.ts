import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { ManualSource, openWorld } from './source-world.test-support.ts'

const catalog = defineCatalog('shipments', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  crooked: family('crooked:{name}', {
    value: shape<number>(),
    ttl: '30s',
    tags: (_: unknown, name: string) =>
      name === 'long' ? Array.from({ length: 60 }, (_, at) => `${'t'.repeat(90)}${at}`) : [],
  }),
})

describe('what a load has brought that is not fit to be stored', () => {
  test('leaves no lease behind when the cache has settled', async () => {
    const many = async (names: readonly string[]) =>
      names.map((name) => (name === 'fit' ? 1 : Number.NaN))
    const { cache } = await openWorld(catalog, { sources: { item: { many } } })
    await cache.item.getMany(['fit', 'a', 'b', 'c'])
    await cache.settled()
    const found = await Promise.all(['a', 'b', 'c'].map((id) => cache.explain(cache.item.key(id))))
    const slot = { kind: 'absent' }
    expect(found.map(({ redis }) => redis)).toMatchObject([{ slot }, { slot }, { slot }])
  })
})

describe('what several loads of a tick have brought', () => {
  test('is told in the context of whoever asked for it', async () => {
    const context = new AsyncLocalStorage<string>()
    const told: unknown[] = []
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, { sources: { item: source.load } })
    cache.observe({
      notify: (event) => {
        if (event.kind === 'load') told.push(`${event.keys[0]} ${context.getStore()}`)
      },
    })
    const first = context.run('one', () => cache.item.get('a'))
    await clock.advance(1)
    const second = context.run('two', () => cache.item.get('b'))
    await clock.advance(1)
    source.answer(0)
    source.answer(1)
    await Promise.all([first, second])
    await cache.settled()
    expect(told).toEqual(['item:a one', 'item:b two'])
  })

  test('is stored although one value among them has a text that can not be written', async () => {
    const { cache } = await openWorld(catalog, { sources: { crooked: async () => 1 } })
    const reads = ['long', 'short'].map((name) => cache.crooked.get(name))
    expect(await Promise.all(reads)).toEqual([1, 1])
    await cache.settled()
    const froms = await cache.crooked.lookupMany(['long', 'short'])
    expect(froms.map(({ from }) => from)).toEqual(['source', 'memory'])
    expect(cache.stats().flights).toBe(0)
  })

  test('reaches its callers while another is not fit to be stored, which is told', async () => {
    const source = new ManualSource()
    const { cache, clock } = await openWorld(catalog, { sources: { crooked: source.load } })
    const faults: string[] = []
    cache.observe({
      notify: (event) => {
        if (event.kind === 'fault') faults.push(event.error.code)
      },
    })
    const reads = ['long', 'short'].map((name) => cache.crooked.get(name))
    await clock.advance(1)
    source.answer(0)
    await clock.advance(1)
    expect(faults).toEqual(['SP_OPTION_INVALID'])
    source.answer(1, 2)
    expect(await Promise.all(reads)).toEqual([1, 2])
  })
})
