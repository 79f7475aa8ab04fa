import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { describeCache } from './caches.ts'

function edition(version: number) {
  return defineCatalog('versions', {
    item: family('item:{name}', { value: shape<string>(), ttl: '1m', versionOf: [version] }),
  })
}
const [older, newer] = [edition(1), edition(2)]

describeCache('versions of a family', (open) => {
  it('are absent for each other, and do not chase each other', async () => {
    const old = await open(older, { sources: { item: async () => 'old' } })
    const now = await open(newer, { sources: { item: async () => 'new' } })
    await old.item.get('a')
    await old.settled()
    expect(await now.item.lookup('a')).toMatchObject({
      from: 'source',
      why: 'otherVersion',
      value: 'new',
    })
    await now.settled()
    expect(now.item.peek('a')).toBeUndefined()
    expect(now.stats().families.item?.stores).toEqual({ noLease: 1 })
    expect(await old.item.get('a', { consistency: 'strict' })).toBe('old')
    expect(old.stats().families.item?.loads).toBe(1)
  })

  it('share a slot: one invalidation reaches both', async () => {
    const state = { old: 'old', now: 'new' }
    const old = await open(older, { sources: { item: async () => state.old } })
    const now = await open(newer, { sources: { item: async () => state.now } })
    await old.item.get('a')
    await old.settled()
    state.old = 'old, written'
    await now.item.invalidate('a')
    expect(await old.item.get('a', { consistency: 'strict' })).toBe('old, written')
    await old.item.invalidate('a')
    expect(await now.item.lookup('a')).toMatchObject({ from: 'source', why: 'absent' })
  })

  it.each([
    ['its tags', { tags: () => ['t'] }, { tags: () => ['u'] }],
    ['versionOf', { versionOf: [1] }, { versionOf: [() => 2] }],
    ['its schema', { value: z.string() }, { value: z.string().max(9) }],
  ])('differ by %s', async (_, one, two) => {
    const base = { value: shape<string>(), ttl: '1m' } as const
    const first = defineCatalog('v', { item: family('item:{name}', { ...base, ...one }) })
    const second = defineCatalog('v', { item: family('item:{name}', { ...base, ...two }) })
    const writer = await open(first, { sources: { item: async () => 'x' } })
    const reader = await open(second, { sources: { item: async () => 'y' } })
    await writer.item.get('a')
    await writer.settled()
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'source', why: 'otherVersion' })
  })

  it('do not differ by what leaves the value as it is', async () => {
    const first = defineCatalog('v', {
      item: family('item:{name}', { value: shape<string>(), ttl: '1m' }),
    })
    const second = defineCatalog('v', {
      item: family('item:{name}', { value: shape<string>(), ttl: '2m', negativeTtl: '1s' }),
    })
    const writer = await open(first, { sources: { item: async () => 'x' } })
    const reader = await open(second)
    await writer.item.get('a')
    await writer.settled()
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'redis', value: 'x' })
  })
})
