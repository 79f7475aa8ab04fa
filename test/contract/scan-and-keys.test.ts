/** The named test of the source documents: SCAN against KEYS with 10,000 keys (B5, B8). */
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { describeRedis } from './caches.ts'

const catalog = defineCatalog('scan', {
  item: family('item:{number:int}', { value: shape<number>(), ttl: '5m' }),
})

const first = 10_000
const total = 10_000
const batch = 200
const scriptKeysMax = 25

describeRedis('a pattern', (bench) => {
  it('invalidates a tenth of 10,000 keys by SCAN, without KEYS, in bounded batches', async () => {
    const { open, client } = bench
    const cache = await open(catalog, { sources: { item: { many: async (ids) => [...ids] } } })
    const ids = Array.from({ length: total }, (_, at) => first + at)
    for (let at = 0; at < total; at += batch) await cache.item.getMany(ids.slice(at, at + batch))
    await cache.settled()
    const monitor = await client.monitor()
    const commands: string[][] = []
    monitor.on('monitor', (_time: string, command: string[]) => commands.push(command))
    let isSweeping = true
    const pings = (async () => {
      while (isSweeping) await client.ping()
    })()
    const { pending } = await cache.invalidatePattern('item:10*')
    isSweeping = false
    await pings
    await client.echo('the end')
    await expect.poll(() => commands.some(([name]) => name === 'echo')).toBe(true)
    monitor.disconnect()

    const names = commands.map(([name = '']) => name.toLowerCase())
    expect(pending).toEqual([])
    expect(names.filter((name) => name === 'keys' || name.startsWith('flush'))).toEqual([])
    expect(names.filter((name) => name === 'scan').length).toBeGreaterThan(10)
    const scripts = commands.filter(([name = '']) => name.toLowerCase() === 'evalsha')
    // The record of groups and the registry are among the keys of each.
    const largest = Math.max(...scripts.map(([, , keys]) => Number(keys) - 2))
    expect(largest).toBe(scriptKeysMax)
    // Somebody else was answered between two steps of it.
    expect(names.join(' ')).toMatch(/scan (?:\S+ )*ping (?:\S+ )*scan/)
    const outcomes = await cache.item.lookupMany(ids)
    const loaded = ids.filter((_, at) => outcomes[at]?.from === 'source')
    expect(loaded).toEqual(ids.filter((id) => String(id).startsWith('10')))
  })
})
