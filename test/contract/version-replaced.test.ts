import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeRedis, type Open, useCaches } from './caches.ts'

function edition(version: number) {
  return defineCatalog('versions', {
    item: family('item:{name}', { value: shape<string>(), ttl: '1m', versionOf: [version] }),
  })
}

describeRedis('a value of another version', (bench) => {
  const embedded = useCaches(() => ({}))

  // Both tiers at once, because it takes its ten seconds.
  it('is replaced when it is ten seconds old, and not before', async () => {
    await Promise.all([bench.open, embedded.open].map(replacesLate))
  })
})

async function replacesLate(open: Open): Promise<void> {
  const old = await open(edition(1), { sources: { item: async () => 'old' } })
  const now = await open(edition(2), { sources: { item: async () => 'new' } })
  const startMs = performance.now()
  await old.item.get('a')
  await old.settled()
  await eventually(
    'the newer one is stored',
    async () => {
      await now.item.get('a')
      await now.settled()
      return now.item.peek('a') === 'new'
    },
    20_000,
  )
  expect(performance.now() - startMs).toBeGreaterThan(9_900)
  expect(await old.item.lookup('a', { consistency: 'strict' })).toMatchObject({
    from: 'source',
    value: 'old',
  })
}
