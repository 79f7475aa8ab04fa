import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { isStaleproofError } from '../core/errors.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { testCache } from '../testing/test-cache.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { type FirstOf, FirstOfSources } from './first-of.ts'
import { type ReadSource, resolveFirstOf } from './first-of-options.ts'

/** A place that has some things, and counts what it was asked for. */
class Place {
  readonly asked: string[][] = []
  readonly #things: Readonly<Record<string, string>>
  fault: Error | undefined
  answer: Promise<readonly string[]> | undefined

  constructor(things: Readonly<Record<string, string>>) {
    this.#things = things
  }

  readonly many = async (ids: readonly string[]): Promise<readonly (string | undefined)[]> => {
    this.asked.push([...ids])
    if (this.fault !== undefined) throw this.fault
    return this.answer ?? ids.map((id) => this.#things[id])
  }
}

const signal = new AbortController().signal

function world(changes: Partial<ReadSource<string, string>> = {}) {
  const clock = new VirtualClock()
  const [live, base] = [new Place({ a: 'A1' }), new Place({ a: 'A0', b: 'B0' })]
  const options = resolveFirstOf<string, string>({
    name: 'prices',
    sources: [
      { name: 'live', many: live.many, ...changes },
      { name: 'base', many: base.many },
    ],
  })
  const sources: FirstOf<string, string> = new FirstOfSources(options, {
    clock,
    chance: new SeededChance(1),
  })
  const ask = async (...ids: string[]) => sources.many(ids, { signal })
  return { clock, live, base, sources, ask }
}

test('the next is asked only for what the first does not have', async () => {
  const { ask, base } = world()
  expect(await ask('a', 'b', 'c')).toEqual(['A1', 'B0', undefined])
  expect(base.asked).toEqual([['b', 'c']])
  expect(await ask('a')).toEqual(['A1'])
  expect(base.asked).toHaveLength(1)
})

test('what fails is passed over, and what the last one lacks does not exist', async () => {
  const { ask, live, sources } = world()
  live.fault = new Error('502')
  expect(await ask('a', 'c')).toEqual(['A0', undefined])
  expect(sources.stats()).toMatchObject([
    { name: 'live', calls: 1, found: 0, breaker: { failures: 1 } },
    { name: 'base', calls: 1, found: 1, missed: 1 },
  ])
})

test('a failure of the last one is the answer, never an absence', async () => {
  const { ask, base } = world()
  base.fault = new Error('no database')
  await expect(ask('a', 'b')).rejects.toBe(base.fault)
  expect(await ask('a')).toEqual(['A1'])
})

test('one that keeps failing is asked no more until its breaker lets it be tried', async () => {
  const { ask, live, clock, sources } = world()
  live.fault = new Error('502')
  for (let call = 0; call < 5; call++) await ask('a')
  expect(live.asked).toHaveLength(3)
  expect(sources.stats()[0]?.breaker).toMatchObject({ state: 'open', rejected: 2 })
  live.fault = undefined
  await clock.advance(6_000)
  expect(await ask('a')).toEqual(['A1'])
})

test('one that is too slow is left for the next, and told so', async () => {
  const { ask, live, clock, sources } = world({ timeout: '1s' })
  live.answer = new Promise(() => {})
  const asked = ask('a')
  await clock.advance(1_001)
  expect(await asked).toEqual(['A0'])
  expect(sources.stats()[0]?.breaker.failures).toBe(1)
  expect(clock.time.waiting).toBe(0)
})

test('an answer that is not aligned is a failure', async () => {
  const { ask, live } = world()
  live.answer = Promise.resolve(['A', 'B', 'C'])
  expect(await ask('a')).toEqual(['A0'])
})

test('a caller that leaves ends the call, and says nothing about the source', async () => {
  const { sources, live, base } = world()
  live.answer = new Promise(() => {})
  const leaving = new AbortController()
  const asked = (async () => sources.many(['a'], { signal: leaving.signal }))()
  leaving.abort(new Error('gone'))
  await expect(asked).rejects.toThrow('gone')
  expect(sources.stats()[0]?.breaker.failures).toBe(0)
  expect(base.asked).toEqual([])
})

test('one is switched off and on at run time, and with all off there is no answer', async () => {
  const { ask, sources, live } = world()
  sources.disable('live')
  expect(await ask('a')).toEqual(['A0'])
  expect(live.asked).toEqual([])
  sources.disable('base')
  const refused = await ask('a').catch((error: unknown) => error)
  expect(isStaleproofError(refused, 'SP_SOURCE_UNAVAILABLE')).toBe(true)
  sources.enable('live')
  expect(await ask('a')).toEqual(['A1'])
  expect(() => sources.enable('pigeon')).toThrow(/SP_OPTION_INVALID.*live, base/)
})

test('what one lacks is no absence while the last one is switched off', async () => {
  const { ask, sources } = world()
  sources.disable('base')
  expect(await ask('a')).toEqual(['A1'])
  await expect(ask('a', 'b')).rejects.toMatchObject({ code: 'SP_SOURCE_UNAVAILABLE' })
  sources.enable('base')
  expect(await ask('b', 'c')).toEqual(['B0', undefined])
})

test('it is a source of a cache', async () => {
  const { sources } = world()
  const catalog = defineCatalog('shop', {
    price: family('price:{id}', { value: shape<string>(), ttl: '20s', negativeTtl: '5s' }),
  })
  const cache = await testCache(catalog, { price: sources })
  expect(await cache.price.getMany(['a', 'b', 'c'])).toEqual(['A1', 'B0', undefined])
  await cache.close()
})

test.each([
  [{ name: '' }, "SP_OPTION_INVALID.*'name'"],
  [{ many: 'sql' }, "SP_OPTION_INVALID.*'many'"],
  [{ name: 'base' }, 'SP_OPTION_INVALID.*a name for each'],
  [{ timeout: 0 }, "SP_OPTION_INVALID.*'timeout'"],
  [{ breaker: { consecutive: 0 } }, "SP_OPTION_INVALID.*'consecutive'"],
  [{ tiemout: '1s' }, "SP_OPTION_UNKNOWN.*'timeout'"],
])('%o is refused', (changes, message) => {
  // Mistakes that the types would refuse: options may come from plain JavaScript.
  expect(() => world(changes as object)).toThrow(new RegExp(message))
})
