/** What reads cost on the wire, counted by the server and by a proxy in between. */
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeRedis } from './caches.ts'

const catalog = defineCatalog('trips', {
  item: family('item:{name}', { value: shape<string>(), ttl: '30s' }),
  tagged: family('tagged:{name}', {
    value: shape<string>(),
    ttl: '30s',
    tags: (_, name) => [`name:${name}`],
  }),
  surprising: family('surprising:{name}', {
    value: shape<string>(),
    ttl: '30s',
    tags: (value) => [`first:${value.charAt(0)}`],
  }),
})
const ids = Array.from({ length: 100 }, (_, index) => `n${index}`)
const many = async (asked: readonly string[]) => asked.map((id) => id.toUpperCase())

describeRedis('round trips', (bench) => {
  it('of a batch of hits: one MGET, one read of groups, no script', async () => {
    const writer = await bench.open(catalog, { sources: { item: { many } } })
    await writer.item.getMany(ids)
    await writer.settled()
    const reader = await bench.open(catalog)
    const spent = await commandsOf(() => reader.item.getMany(ids))
    expect(spent).toEqual({ mget: 1, hmget: 1, time: 1 })
  })

  it('of a batch of misses: one lease, one load, one fill', async () => {
    const load = vi.fn(many)
    const cache = await bench.open(catalog, { sources: { item: { many: load } } })
    await cache.item.getMany(['warm'])
    await cache.settled()
    load.mockClear()
    const spent = await commandsOf(async () => {
      await cache.item.getMany(ids)
      await cache.settled()
    })
    expect(load).toHaveBeenCalledTimes(1)
    expect(spent.mget).toBe(1)
    expect(spent.hmget).toBe(1)
    expect(spent.evalsha).toBe(2)
  })

  it('of many single reads in one tick: one MGET for all of them', async () => {
    const writer = await bench.open(catalog, { sources: { item: { many }, tagged: { many } } })
    await Promise.all([writer.item.getMany(ids), writer.tagged.getMany(ids)])
    await writer.settled()
    const reader = await bench.open(catalog)
    const spent = await commandsOf(() =>
      Promise.all([
        ...ids.map((id) => reader.item.get(id)),
        ...ids.map((id) => reader.tagged.get(id)),
      ]),
    )
    expect(spent).toEqual({ mget: 1, hmget: 1, time: 1 })
  })

  it('of many single misses in one tick: one look, one lease, one load, one fill', async () => {
    const [item, tagged] = [vi.fn(many), vi.fn(many)]
    const cache = await bench.open(catalog, {
      sources: { item: { many: item }, tagged: { many: tagged } },
    })
    await Promise.all([cache.item.get('warm'), cache.tagged.get('warm')])
    await cache.settled()
    item.mockClear()
    tagged.mockClear()
    const spent = await commandsOf(async () => {
      await Promise.all([
        ...ids.map((id) => cache.item.get(id)),
        ...ids.map((id) => cache.tagged.get(id)),
      ])
      await cache.settled()
    })
    expect(spent).toEqual({ mget: 1, hmget: 1, time: 1, evalsha: 2 })
    expect([item, tagged].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  })

  it('of loads that end in one tick, each with a source of its own: one fill', async () => {
    const cache = await bench.open(catalog, { sources: { item: async (id) => id } })
    await cache.item.get('warm')
    await cache.settled()
    const spent = await commandsOf(async () => {
      await Promise.all(ids.map((id) => cache.item.get(id)))
      await cache.settled()
    })
    expect(spent).toEqual({ mget: 1, hmget: 1, time: 1, evalsha: 2 })
  })

  it('of misses after a long streak of them: a lease at once, until a value is met', async () => {
    const writer = await bench.open(catalog, { sources: { item: { many } } })
    await writer.item.getMany(['there', 'also there'])
    await writer.settled()
    const load = vi.fn(many)
    const cache = await bench.open(catalog, { sources: { item: { many: load } } })
    await cache.item.getMany(ids)
    await cache.settled()
    const onMiss = await commandsOf(async () => {
      await cache.item.get('new')
      await cache.settled()
    })
    expect(onMiss).toEqual({ evalsha: 2 })
    load.mockClear()
    const onHit = await commandsOf(() => cache.item.get('there'))
    expect(onHit).toEqual({ evalsha: 1 })
    expect(load).not.toHaveBeenCalled()
    expect(await commandsOf(() => cache.item.get('also there'))).toEqual({
      mget: 1,
      hmget: 1,
      time: 1,
    })
  })

  it('of values whose tags only they can tell: two at most', async () => {
    const writer = await bench.open(catalog, { sources: { surprising: { many } } })
    await writer.surprising.getMany(['a', 'b'])
    await writer.settled()
    const reader = await bench.open(catalog)
    const spent = await commandsOf(() => reader.surprising.get('a'))
    expect(spent).toEqual({ mget: 1, hmget: 2, time: 2 })
  })

  it('of a strict read of what memory holds: the head alone', async () => {
    const cache = await bench.open(catalog, { sources: { item: { many } } })
    await cache.item.get('a')
    await cache.settled()
    const spent = await commandsOf(() => cache.item.get('a', { consistency: 'strict' }))
    expect(spent).toEqual({ getrange: 1, hmget: 1, time: 1 })
  })

  it('of memory hits: none', async () => {
    const cache = await bench.open(catalog, { sources: { item: { many } } })
    await cache.item.getMany(ids)
    await cache.settled()
    expect(await commandsOf(() => cache.item.getMany(ids))).toEqual({})
  })

  /** Commands that callers caused; beats come on their own and are subtracted as scripts. */
  async function commandsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const seen: string[][] = []
    const monitor = await bench.client.monitor()
    monitor.on('monitor', (_time: string, args: string[], source: string) => {
      if (source !== 'lua') seen.push(args)
    })
    await work()
    // A marker on the monitored stream shows that everything before it has been seen.
    await bench.client.echo('the end')
    await vi.waitUntil(() => seen.some(([name]) => name?.toLowerCase() === 'echo'))
    monitor.disconnect()
    const spent: Record<string, number> = {}
    for (const args of seen) {
      const name = args[0]?.toLowerCase() ?? ''
      if (name === 'echo' || name === 'info' || isBeat(args)) continue
      spent[name] = (spent[name] ?? 0) + 1
    }
    return spent
  }
})

function isBeat([name, , keys, first]: readonly string[]): boolean {
  return name?.toLowerCase() === 'evalsha' && keys === '3' && (first ?? '').includes(':b:')
}
