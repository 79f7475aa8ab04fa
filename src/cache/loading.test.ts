import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test, vi } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { openWorld, watch } from './source-world.test-support.ts'

const schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    // Given its own answer it gives another one.
    validate: (value: unknown) => ({ value: isCount(value) ? { count: value.count + 1 } : value }),
  },
} as const

function isCount(value: unknown): value is { readonly count: number } {
  return typeof value === 'object' && value !== null && 'count' in value
}

const catalog = defineCatalog('loadings', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
  fickle: family('fickle:{name}', { value: schema, ttl: '30s' }),
  pair: family('pair:{chain}:{name}', {
    value: shape<number>(),
    ttl: '30s',
    tags: (_: unknown, { name }: { readonly name: string }) => [`name-${name}`],
  }),
})

const many = Array.from({ length: 40 }, (_, at) => `item ${at}`)

describe('leases that can not be given back', () => {
  const never = new Deferred<void>().promise
  const hanging = (method: string) => (method === 'release' ? never : Promise.resolve())

  test.each([
    ['is not fit to be stored', async () => Number.NaN],
    ['could not be loaded', () => Promise.reject(new Error('down'))],
  ])('of what %s hold up no load of the same call', async (_, source) => {
    const { cache, clock } = await openWorld(catalog, { sources: { item: source } }, hanging)
    const read = watch(cache.item.lookupMany(many))
    await clock.advance(1_000)
    expect(read.value ?? read.error).toBeDefined()
  })
})

describe('leases of many loads', () => {
  test('are renewed in scripts of at most two hundred', async () => {
    const sizes: number[] = []
    const counting = async (method: string, _: number, held: unknown) => {
      if (method === 'renew' && Array.isArray(held)) sizes.push(held.length)
    }
    const slowly = async (names: readonly string[]) => {
      await new Promise<void>((resolve) => clock.timer(3_000, resolve))
      return names.map(() => 1)
    }
    const options = { sources: { item: { many: slowly } } }
    const { cache, clock } = await openWorld(catalog, options, counting)
    const read = watch(cache.item.getMany(Array.from({ length: 1_000 }, (_, at) => `item ${at}`)))
    await clock.advance(13_000)
    expect(read.value).toHaveLength(1_000)
    expect(sizes.length).toBeGreaterThan(0)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
  })
})

describe('a value that can not be dealt with', () => {
  test('fails its own caller alone, and leaves no lease', async () => {
    const give = async (names: readonly string[]) =>
      names.map((name) => (name === 'bad' ? { count: 1 } : 'x'))
    const { cache, clock } = await openWorld(catalog, { sources: { fickle: { many: give } } })
    const [bad, good] = ['bad', 'good'].map((name) => watch(cache.fickle.get(name)))
    await clock.advance(10)
    expect([bad?.error, good?.value]).toEqual([expect.any(Error), 'x'])
    const again = watch(cache.fickle.get('bad'))
    await clock.advance(1_000)
    expect(again.value ?? again.error).toBeDefined()
  })
})

describe('a source', () => {
  test('of one id is asked in the context of whoever asked for the id', async () => {
    const context = new AsyncLocalStorage<string>()
    const asked: string[] = []
    const note = async (name: string) => asked.push(`${name} ${context.getStore()}`)
    const { cache } = await openWorld(catalog, { sources: { item: note } })
    const first = context.run('one', () => cache.item.get('a'))
    const second = context.run('two', () => cache.item.get('b'))
    await Promise.all([first, second])
    expect(asked).toEqual(['a one', 'b two'])
  })

  test('that never answers does not keep the scope of loads in use', async () => {
    const disabled = vi.spyOn(AsyncLocalStorage.prototype, 'disable')
    const never = new Deferred<number>().promise
    const { cache, clock } = await openWorld(catalog, { sources: { item: () => never } })
    const read = watch(cache.item.get('a'))
    await clock.advance(11_000)
    expect(read.error).toMatchObject({ code: 'SP_LOAD_TIMEOUT' })
    expect(disabled).toHaveBeenCalled()
    disabled.mockRestore()
  })

  test('can not change the id that its value is tagged by', async () => {
    let loads = 0
    const { cache } = await openWorld(catalog, {
      sources: {
        pair: async (id: { name: string }) => {
          Reflect.set(id, 'name', id.name.toLowerCase())
          return ++loads
        },
      },
    })
    const id = { chain: 'x', name: 'AB' }
    await cache.pair.get(id)
    await cache.settled()
    await cache.invalidateTag('name-AB')
    expect(await cache.pair.get(id)).toBe(2)
  })
})

describe('a hit', () => {
  test('stays one although an observer that is told of it invalidates its key', async () => {
    const { cache } = await openWorld(catalog, { sources: { item: async () => 1 } })
    await cache.item.get('a')
    await cache.settled()
    cache.observe({
      hits: true,
      notify: (event) => {
        if (event.kind === 'read') void cache.item.invalidate('a')
      },
    })
    expect(await cache.item.get('a')).toBe(1)
  })
})
