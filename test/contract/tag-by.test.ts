import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache } from './caches.ts'

const value = shape<number>()
const options = { value, ttl: '30s' } as const

const catalog = defineCatalog('tagged', {
  one: family('one:{userId:int}', { ...options, tagBy: ['userId'] }),
  several: family('several:{userId:int}:{name}', { ...options, tagBy: ['userId'] }),
  both: family('both:{userId:int}', {
    ...options,
    tagBy: ['userId'],
    tags: (found: number) => [`value:${found.toFixed()}`],
  }),
})

describeCache('tagBy', (open) => {
  it('groups values by parameters of their keys, in every family', async () => {
    const load = async () => 5
    const cache = await open(catalog, { sources: { one: load, several: load, both: load } })
    const [mine, theirs] = [
      { userId: 42, name: 'a' },
      { userId: 4, name: 'a' },
    ]
    const read = () =>
      Promise.all([cache.one.get(42), cache.both.get(42), cache.several.getMany([mine, theirs])])
    await read()
    await cache.settled()
    await cache.invalidateTag('userId:42')
    expect([cache.one.peek(42), cache.both.peek(42), cache.several.peek(mine)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(cache.several.peek(theirs)).toBe(5)
    await read()
    await cache.settled()
    await cache.invalidateTag('value:5')
    expect([cache.one.peek(42), cache.both.peek(42)]).toEqual([5, undefined])
  })
})

it('tagBy takes names of parameters alone', () => {
  // @ts-expect-error There is no such parameter.
  expect(() => family('one:{userId:int}', { ...options, tagBy: ['user'] })).toThrow(
    expect.objectContaining({ code: 'SP_OPTION_INVALID' }),
  )
})
