import { beforeEach, expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { errorsMax } from './error-memory.ts'
import { openWorld, type SourceWorld } from './source-world.test-support.ts'

const catalog = defineCatalog('errors', {
  item: family('item:{name}', {
    value: shape<number>(),
    ttl: '30s',
    errorTtl: '5s',
    tags: () => ['group'],
  }),
})

let world: SourceWorld<typeof catalog.families>
let calls: number
let isDown: boolean

beforeEach(async () => {
  calls = 0
  isDown = true
  world = await openWorld(catalog, {
    resilience: { families: { item: { consecutive: 1_000_000 } } },
    sources: {
      item: async () => {
        calls++
        if (isDown) throw new Error(`failure ${calls}`)
        return 7
      },
    },
  })
})

const get = (name = 'a') => world.cache.item.get(name)
const failure = async (name = 'a'): Promise<unknown> =>
  get(name).then(
    () => undefined,
    (error: unknown) => error,
  )

test('an error is the same object for all callers, until its time is up', async () => {
  const first = await failure()
  await world.clock.advance(4_900)
  expect(await failure()).toBe(first)
  expect(await world.cache.item.lookup('a')).toMatchObject({ from: 'none', why: 'sourceFailed' })
  expect(calls).toBe(1)
  await world.clock.advance(200)
  isDown = false
  expect(await get()).toBe(7)
})

test('says nothing about other keys', async () => {
  await failure('a')
  isDown = false
  expect(await get('b')).toBe(7)
})

test.each([
  ['of the key', () => world.cache.item.invalidate('a')],
  ['of a group', () => world.cache.invalidateTag('group')],
  ['by a pattern', () => world.cache.invalidatePattern('item:*')],
  ['of everything', () => world.cache.clear()],
])('is forgotten with an invalidation %s', async (_, invalidate) => {
  await failure()
  isDown = false
  const invalidated = invalidate()
  await world.clock.advance(2_000)
  await invalidated
  expect(await get()).toBe(7)
})

test('does not answer a read that wants proof', async () => {
  await failure()
  isDown = false
  expect(await world.cache.item.get('a', { consistency: 'strict' })).toBe(7)
})

test('is no load under way, and keeps nothing after the close', async () => {
  await failure()
  expect(world.cache.stats().flights).toBe(0)
  const closed = world.cache.close()
  await world.clock.advance(3_000)
  await closed
  expect(world.clock.time.waiting).toBe(0)
})

test('is not remembered beyond a bound, and asked again then', async () => {
  for (let name = 0; name <= errorsMax; name++) await failure(`n${name}`)
  await failure(`n${errorsMax}`)
  await failure('n0')
  expect(calls).toBe(errorsMax + 2)
})
