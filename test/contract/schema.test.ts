import { defineCatalog, family, shape } from 'staleproof'
import * as v from 'valibot'
import { expect, it, vi } from 'vitest'
import { z } from 'zod'
import { describeCache } from './caches.ts'
import { Recorder } from './events.ts'

const schemas = {
  zod: z.object({ name: z.string(), size: z.number().default(1) }),
  valibot: v.object({ name: v.string(), size: v.optional(v.number(), 1) }),
}
const catalog = defineCatalog('schema', {
  zod: family('zod:{name}', { value: schemas.zod, ttl: '30s' }),
  valibot: family('valibot:{name}', { value: schemas.valibot, ttl: '30s' }),
  async: family('async:{name}', {
    value: z.object({ name: z.string() }).refine(async () => true),
    ttl: '30s',
  }),
  growing: family('growing:{name}', {
    value: z.object({ n: z.number().transform((n) => n + 1) }),
    ttl: '30s',
  }),
})
/** The same keys, declared by a service that checks nothing. */
const unchecked = defineCatalog('schema', {
  zod: family('zod:{name}', { value: shape<unknown>(), ttl: '30s' }),
})
const mood = { most: 9 }
/** A schema that says nothing of itself, so that its change is no new version. */
const moody = defineCatalog('moody', {
  item: family('item:{name}', {
    value: v.custom<number>((value) => typeof value === 'number' && value <= mood.most),
    ttl: '30s',
  }),
})

describeCache('schemas', (open) => {
  it.each(['zod', 'valibot'] as const)(
    '%s fills in defaults, the same for every reader',
    async (name) => {
      // What a source returns is checked at run time, whatever its type says.
      const load = async () => JSON.parse('{"name":"x"}')
      const writer = await open(catalog, { sources: { [name]: load } })
      const reader = await open(catalog)
      expect(await writer[name].get('a')).toEqual({ name: 'x', size: 1 })
      await writer.settled()
      expect(await writer[name].get('a')).toEqual({ name: 'x', size: 1 })
      expect(await reader[name].get('a')).toEqual({ name: 'x', size: 1 })
    },
  )

  it.each(['zod', 'valibot'] as const)(
    '%s: a value that fails is returned, reported, not stored',
    async (name) => {
      const recorder = new Recorder()
      const bad = { name: 7 }
      const load = vi.fn(async () => JSON.parse(JSON.stringify(bad)))
      const cache = await open(catalog, { sources: { [name]: load }, observers: [recorder] })
      const other = await open(catalog)
      expect(await cache[name].get('a')).toEqual(bad)
      await cache.settled()
      expect(await cache[name].get('a')).toEqual(bad)
      expect(load).toHaveBeenCalledTimes(2)
      await expect(other[name].get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
      expect(recorder.of('fault')[0]?.error).toMatchObject({
        code: 'SP_VALUE_INVALID',
        family: name,
        key: `${name}:a`,
        message: expect.stringContaining('name'),
      })
      expect(cache.stats().families[name]?.stores.invalid).toBe(2)
    },
  )

  it('is not asked on a memory hit', async () => {
    const validate = vi.spyOn(schemas.zod['~standard'], 'validate')
    const cache = await open(catalog, { sources: { zod: async () => ({ name: 'x', size: 2 }) } })
    await cache.zod.get('a')
    await cache.settled()
    const asked = validate.mock.calls.length
    expect(asked).toBeGreaterThan(0)
    await cache.zod.get('a')
    cache.zod.peek('a')
    expect(validate.mock.calls.length).toBe(asked)
    validate.mockRestore()
  })

  it.each([
    ['asynchronous', 'async', { name: 'x' }, 'synchronous'],
    ['not idempotent', 'growing', { n: 1 }, 'leaves it as it is'],
  ] as const)('that is %s is refused at first use', async (_, name, value, expected) => {
    const load = async () => JSON.parse(JSON.stringify(value))
    const cache = await open(catalog, { sources: { [name]: load } })
    await expect(cache[name].get('a')).rejects.toMatchObject({
      code: 'SP_OPTION_INVALID',
      family: name,
      expected: expect.stringContaining(expected),
    })
  })

  it('that refuses what was stored makes it a miss, which is reported and replaced', async () => {
    const recorder = new Recorder()
    const writer = await open(moody, { sources: { item: async () => 5 } })
    const reader = await open(moody, { sources: { item: async () => 2 }, observers: [recorder] })
    mood.most = 9
    await writer.item.get('a')
    await writer.settled()
    mood.most = 3
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'source', why: 'void', value: 2 })
    expect(recorder.faults).toEqual(['SP_SLOT_CORRUPT'])
    await reader.settled()
    const third = await open(moody)
    expect(await third.item.get('a')).toBe(2)
  })

  it('of another service with other code counts as absent, not as wrong', async () => {
    const recorder = new Recorder()
    const writer = await open(unchecked, { sources: { zod: async () => ({ wrong: true }) } })
    const load = async () => ({ name: 'x', size: 1 })
    const reader = await open(catalog, { sources: { zod: load }, observers: [recorder] })
    await writer.zod.get('a')
    await writer.settled()
    expect(await reader.zod.lookup('a')).toMatchObject({ from: 'source', why: 'otherVersion' })
    expect(recorder.faults).toEqual([])
  })
})
