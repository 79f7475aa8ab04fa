/** Processes that disagree about what they must agree on (CONTRACT 33, PROTOCOL 3.6). */
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache, describeRedis } from './caches.ts'

const catalog = defineCatalog('settings', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
/** Several beats. */
const noticeMs = 4_000
type ItemCache = Cache<typeof catalog extends { families: infer F } ? F : never>

describeCache('processes with different Δ', (open) => {
  it("the newer one's settings count; the older one serves nothing from memory", async () => {
    let value = 1
    const sources = { item: async () => value }
    const older = await open(catalog, { sources, trust: '1s' })
    await older.item.get('a')
    await older.settled()
    const newer = await open(catalog, { sources, trust: '3s' })
    await seesMismatch(older)
    expect(older.health().state).toBe('degraded')
    expect(newer.health().state).toBe('ok')
    expect(older.item.peek('a')).toBeUndefined()
    for (value = 2; value < 10; value++) {
      await newer.item.invalidate('a')
      expect(await older.item.get('a')).toBe(value)
    }
  })

  it('are taken over when the others have gone', async () => {
    const first = await open(catalog, { trust: '1s' })
    // Keeps the embedded server of this namespace alive, as Redis would live on.
    const witness = await open(catalog, { trust: '1s' })
    await first.close()
    const next = await open(catalog, { sources: { item: async () => 1 }, trust: '3s' })
    await witness.close()
    await eventually('it trusts its memory', () => next.health().state === 'ok', noticeMs)
    await next.item.get('a')
    await next.settled()
    expect(next.item.peek('a')).toBe(1)
  })
})

describeRedis('processes with different numbers of partitions', (bench) => {
  const ids = Array.from({ length: 12 }, (_, index) => `n${index}`)

  it.each([
    [4, 1],
    [1, 4],
  ])(
    '%i and %i: the older one neither reads Redis nor claims to have told it',
    async (before, after) => {
      let value = 1
      const sources = { item: async () => value }
      const older = await bench.open(catalog, { sources, partitions: before })
      await older.item.getMany(ids)
      await older.settled()
      const newer = await bench.open(catalog, { sources, partitions: after })
      await seesMismatch(older)
      value = 2
      await newer.item.invalidate(ids)
      for (const id of ids) {
        expect(older.item.peek(id)).toBeUndefined()
        expect(await older.item.lookup(id)).toMatchObject({ from: 'source', value: 2 })
        await expect(older.item.invalidate(id)).rejects.toMatchObject({
          code: 'SP_INVALIDATION_PENDING',
        })
      }
    },
  )
})

async function seesMismatch(cache: ItemCache): Promise<void> {
  const isMismatch = (reason: string) => reason.startsWith('SP_WIRE_MISMATCH')
  await eventually(
    'it sees the settings of the other',
    () => cache.health().reasons.some(isMismatch),
    noticeMs,
  )
}
