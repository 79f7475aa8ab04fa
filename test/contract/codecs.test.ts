import { defineCatalog, family, shape } from 'staleproof'
import type { Codec } from 'staleproof/codec'
import { afterEach, describe, expect, it } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { Recorder } from './events.ts'

interface Row {
  readonly id: number
  readonly name: string
}

/** What a test does in the middle of the making of a payload. */
let whilePacking: () => void = () => {}
const reversed: Codec = {
  kind: 'text',
  name: 'rev',
  encode: (value) => {
    whilePacking()
    return [...JSON.stringify(value)].reverse().join('')
  },
  decode: (text) => JSON.parse([...text].reverse().join('')),
}
const rows = { value: shape<readonly Row[]>(), ttl: '30s' } as const
const catalog = defineCatalog('codecs', {
  json: family('json:{name}', rows),
  plain: family('plain:{name}', { ...rows, compress: false }),
  deflated: family('deflated:{name}', { ...rows, compress: 'deflate' }),
  packed: family('packed:{name}', { ...rows, codec: 'msgpack' }),
  own: family('own:{name}', { ...rows, codec: reversed }),
  secret: family('secret:{name}', { ...rows, encrypted: true }),
})
const names = ['json', 'plain', 'deflated', 'packed', 'own', 'secret'] as const
const setCatalog = defineCatalog('codecs', {
  secret: family('secret:{name}', {
    value: shape<Row>(),
    ttl: '30s',
    order: (row) => row.id,
    setOnly: true,
    encrypted: true,
    negativeTtl: '30s',
  }),
})
const list = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, name: `Zoë's row ${id} ☃` }))
const load = async (name: string) => list(Number(name))
const sources = { json: load, plain: load, deflated: load, packed: load, own: load, secret: load }
const keyOf = (id: string) => ({ id, key: Buffer.alloc(32, id) })
const encryption = { keys: [keyOf('k1')] }

afterEach(() => {
  whilePacking = () => {}
})

describeCache('codecs', (open) => {
  describe.each(names)('%s', (name) => {
    it.each(['0', '3', '300', '9000'])(
      'gives %s rows to another process as they were',
      async (id) => {
        const writer = await open(catalog, { sources, encryption })
        const reader = await open(catalog, { encryption })
        expect(await writer[name].get(id)).toEqual(list(Number(id)))
        await writer.settled()
        expect(writer.stats().families[name]?.stores).toEqual({ stored: 1 })
        expect(await reader[name].lookup(id)).toMatchObject({
          from: 'redis',
          value: list(Number(id)),
        })
        expect(reader[name].peek(id)).toEqual(list(Number(id)))
      },
    )
  })

  it('families in one batch are read together, large and small', async () => {
    const writer = await open(catalog, { sources, encryption })
    const reader = await open(catalog, { encryption })
    const ids = ['1', '9000', '2', '300']
    await writer.json.getMany(ids)
    await writer.settled()
    const outcomes = await reader.json.lookupMany(ids)
    expect(outcomes.map((outcome) => outcome.from)).toEqual(ids.map(() => 'redis'))
    expect(await reader.json.getMany(ids)).toEqual(ids.map((id) => list(Number(id))))
  })

  it('a large value that is invalidated while its payload is made is stored nowhere', async () => {
    const writer = await open(catalog, { sources, encryption })
    const reader = await open(catalog)
    const invalidated = new Promise((resolve) => {
      whilePacking = () => resolve(writer.own.invalidate('9000'))
    })
    await writer.own.get('9000')
    await invalidated
    await writer.settled()
    expect(writer.own.peek('9000')).toBeUndefined()
    expect(writer.stats().families.own?.stores).toEqual({ gone: 1 })
    await expect(reader.own.get('9000')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
  })
})

describeCache('encrypted families', (open) => {
  it('a process that would load them without a key does not open', async () => {
    const opening = open(catalog, { sources: { secret: load } })
    await expect(opening).rejects.toMatchObject({ code: 'SP_KEY_MISSING', family: 'secret' })
  })

  it('for a process without keys there is nothing, and it says so', async () => {
    const recorder = new Recorder()
    const writer = await open(catalog, { sources: { secret: load }, encryption })
    const keyless = await open(catalog, { observers: [recorder] })
    await writer.secret.get('3')
    await writer.settled()
    await expect(keyless.secret.get('3')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
    expect(recorder.of('fault')[0]?.error).toMatchObject({
      code: 'SP_KEY_MISSING',
      key: 'secret:3',
      expected: "the key 'k1'",
    })
    expect(await (await open(catalog, { encryption })).secret.get('3')).toEqual(list(3))
  })

  it('keys are rotated while processes run', async () => {
    const old = await open(catalog, { sources: { secret: load }, encryption })
    const keys = [keyOf('k2'), keyOf('k1')]
    const rotated = await open(catalog, { sources: { secret: load }, encryption: { keys } })
    await old.secret.get('3')
    await old.settled()
    expect(await rotated.secret.lookup('3')).toMatchObject({ from: 'redis', value: list(3) })
    await rotated.secret.get('5')
    await rotated.settled()
    const after = await open(catalog, { encryption: { keys: keys.slice(0, 1) } })
    expect(await after.secret.lookup('5')).toMatchObject({ from: 'redis', value: list(5) })
  })

  it('a set without a key is refused, one with a key is encrypted', async () => {
    const keyless = await open(setCatalog)
    await expect(keyless.secret.set('a', { id: 1, name: 'x' })).rejects.toMatchObject({
      code: 'SP_KEY_MISSING',
    })
    const cache = await open(setCatalog, { encryption })
    expect(await cache.secret.set('a', { id: 1, name: 'x' })).toMatchObject({ stored: true })
    const reader = await open(setCatalog, { encryption })
    expect(await reader.secret.get('a')).toEqual({ id: 1, name: 'x' })
  })
})

describeRedis('slots', (bench) => {
  const slot = async (key: string) => {
    const found = await bench.client.getBuffer(`{${bench.namespace}:0}:k:${key}`)
    return found?.toString('latin1') ?? ''
  }

  it('hold small ASCII values as they are, and large ones in a third of their size', async () => {
    const cache = await bench.open(catalog, { sources, encryption })
    await cache.json.getMany(['0', '300'])
    await cache.plain.get('300')
    await cache.settled()
    expect(await slot('json:0')).toMatch(/;j;0;[^|]*\|\[\]$/)
    expect(await slot('json:300')).toMatch(/;jB;0;/)
    expect(await slot('plain:300')).toMatch(/;jU;0;/)
    const sizes = [await slot('json:300'), await slot('plain:300')].map((text) => text.length)
    expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) / 3)
  })

  it('show nothing of an encrypted value, and can not be moved to another key', async () => {
    const writer = await bench.open(catalog, { sources, encryption })
    await writer.secret.getMany(['1', '2'])
    await writer.settled()
    expect(await slot('secret:2')).toMatch(/;jE;0;/)
    expect(await slot('secret:2')).not.toContain('row')
    const name = (id: string) => `{${bench.namespace}:0}:k:secret:${id}`
    await bench.client.copy(name('1'), name('2'), 'REPLACE')
    const reader = await bench.open(catalog, { encryption })
    expect(await reader.secret.get('1')).toEqual(list(1))
    await expect(reader.secret.get('2')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
  })
})
