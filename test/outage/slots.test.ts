/** What other programs, other versions and broken disks may leave where a slot should be. */
import type { Redis } from 'ioredis'
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeRedis, type RedisBench } from '../contract/caches.ts'
import { Recorder } from '../contract/events.ts'
import { eventually } from '../servers/eventually.ts'
import { useRejectionWatch } from './world.ts'

interface Item {
  readonly text: string
}
const catalog = defineCatalog('slots', {
  item: family('item:{name}', { value: shape<Item>(), ttl: '5m' }),
})
const good: Item = { text: 'good' }

/** Puts something else where the slot is; `slot` is the text that was there. */
type Spoil = (client: Redis, key: string, slot: string) => Promise<unknown>

const spoilt: readonly (readonly [what: string, spoil: Spoil])[] = [
  ['cut within its header', (client, key, slot) => client.set(key, slot.slice(0, 30))],
  ['cut within its payload', (client, key, slot) => client.set(key, slot.slice(0, -3))],
  [
    'cut after its header',
    (client, key, slot) => client.set(key, slot.slice(0, slot.indexOf('{'))),
  ],
  ['of other JSON', (client, key) => client.set(key, '{"text":"other"}')],
  ['an empty text', (client, key) => client.set(key, '')],
  ["another program's text", (client, key) => client.set(key, 'hello world')],
  ['a number', (client, key) => client.set(key, '42')],
  ['bytes that are no text', (client, key) => client.set(key, Buffer.from([0xff, 0, 0xfe]))],
  ['a megabyte of something', (client, key) => client.set(key, 'V|1|'.repeat(262_144))],
  ['a hash', (client, key) => client.hset(key, 'text', 'other')],
  ['a list', (client, key) => client.rpush(key, 'a', 'b')],
  ['a sorted set', (client, key) => client.zadd(key, 1, 'a')],
  ['with a letter in its clock', (client, key, slot) => client.set(key, field(slot, 4, 'x'))],
  ['with no family version', (client, key, slot) => client.set(key, field(slot, 7, ''))],
]

describeRedis('a spoilt slot', (bench) => {
  useRejectionWatch()

  it.each(spoilt)('%s counts as a miss, is reported, and is replaced', async (_, spoil) => {
    const { key, source, recorder, reader } = await spoiltSlot(bench, spoil)
    expect(await reader.item.get('a')).toEqual(good)
    expect(source).toHaveBeenCalledTimes(1)
    expect(recorder.of('fault')[0]?.error).toMatchObject({
      code: 'SP_SLOT_CORRUPT',
      family: 'item',
      key: 'item:a',
    })
    await reader.settled()
    expect(await bench.client.get(key)).toMatch(/^V\|1\|.*good/)
    expect(await bench.client.pttl(key)).toBeGreaterThan(0)
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'memory', value: good })
  })

  it.each(spoilt)('%s does not disturb a strict read of what memory holds', async (_, spoil) => {
    const { writer } = await spoiltSlot(bench, spoil)
    expect(await writer.item.get('a', { consistency: 'strict' })).toEqual(good)
    await writer.settled()
    expect(await writer.item.lookup('a')).toMatchObject({ from: 'memory', value: good })
  })

  it.each(spoilt)('%s is removed by an invalidation', async (_, spoil) => {
    const { key, reader } = await spoiltSlot(bench, spoil)
    await reader.item.invalidate('a')
    expect(await bench.client.exists(key)).toBe(0)
  })

  it.each(spoilt)('%s in a batch leaves the others their values', async (_, spoil) => {
    const { source, reader } = await spoiltSlot(bench, spoil)
    expect(await reader.item.getMany(['b', 'a', 'c'])).toEqual([good, good, good])
    expect(source).toHaveBeenCalledTimes(1)
  })

  it('of another wire version is left alone until an invalidation removes it', async () => {
    const theirs = 'V|9|whatever|another|version|writes'
    const { key, source, recorder, reader } = await spoiltSlot(bench, (client, name) =>
      client.set(name, theirs, 'PX', 60_000),
    )
    expect(await reader.item.lookup('a')).toMatchObject({
      from: 'source',
      why: 'unknownWire',
      value: good,
    })
    await reader.settled()
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'source', why: 'unknownWire' })
    expect(source).toHaveBeenCalledTimes(2)
    expect(await bench.client.get(key)).toBe(theirs)
    expect(recorder.faults).toEqual([])
    await reader.item.invalidate('a')
    expect(await reader.item.lookup('a')).toMatchObject({ from: 'source', why: 'absent' })
    await reader.settled()
    expect(await bench.client.get(key)).toMatch(/^V\|1\|/)
  })

  it.each(['a text', 'a list', 'emptied'])(
    'nor does a record of groups that is %s stop reads',
    async (what) => {
      const { reader, source } = await spoiltSlot(bench, async () => {})
      const record = `{${bench.namespace}:0}:m`
      await bench.client.del(record)
      if (what === 'a text') await bench.client.set(record, 'hello')
      if (what === 'a list') await bench.client.rpush(record, 'hello')
      expect(await reader.item.get('a')).toEqual(good)
      expect(source).toHaveBeenCalledTimes(1)
      await reader.item.invalidate('a')
      await eventually('values are stored again', async () => {
        await reader.item.get('a')
        await reader.settled()
        return (await reader.item.lookup('a')).from === 'memory'
      })
    },
  )
})

/** Three slots written by one cache, of which `a` is spoilt, and another cache that reads. */
async function spoiltSlot({ open, client, namespace }: RedisBench, spoil: Spoil) {
  const recorder = new Recorder()
  const source = vi.fn(async (_: string): Promise<Item> => ({ ...good }))
  const writer = await open(catalog, { sources: { item: async () => ({ ...good }) } })
  const reader = await open(catalog, { sources: { item: source }, observers: [recorder] })
  await writer.item.get('a')
  await writer.settled()
  const others = await open(catalog, { sources: { item: async () => ({ ...good }) } })
  await others.item.getMany(['b', 'c'])
  await others.settled()
  const key = `{${namespace}:0}:k:item:a`
  const slot = String(await client.get(key))
  await client.del(key)
  await spoil(client, key, slot)
  return { key, source, recorder, reader, writer }
}

function field(slot: string, index: number, text: string): string {
  return slot
    .split('|')
    .map((one, at) => (at === index ? text : one))
    .join('|')
}
