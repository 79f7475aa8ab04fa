/**
 * Groups against slow readers: what was loaded before a tag, a family or everything was
 * invalidated is stored nowhere and shared with nobody who came after, whenever the group of
 * a value became known, and also where Redis has lost what it knew of groups.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type Peer } from './arena.ts'
import { expectPromiseKept } from './expect-promise.ts'
import type { Reading } from './reading.ts'

type Way = (writer: Peer, id: number) => Promise<{ readonly resolvedMs: number }>

const byOwner: Way = (writer, id) => writer.call('invalidateTag', `owner:${id}`)
const ways: readonly (readonly [string, Way])[] = [
  ['a tag that the id tells', byOwner],
  ['a tag known only after the load', (writer, id) => byVersion(writer, id, 1)],
  ['the family', (writer) => writer.call('clear', 'grouped')],
  ['everything', (writer) => writer.call('clear')],
]

function byVersion(writer: Peer, id: number, version: number) {
  return writer.call('invalidateTag', `version:${version} of ${id}`)
}

let arena: Arena
let writer: Peer
let reader: Peer

async function open(): Promise<void> {
  arena = await Arena.open()
  ;[writer, reader] = await Promise.all([arena.worker(), arena.worker()])
}
const close = () => arena.close()

/** A version of a register that all peers have in memory. */
async function cached(version: number): Promise<number> {
  const id = arena.nextId()
  arena.database.write('grouped', id, version)
  for (const peer of [writer, reader]) {
    await peer.call('read', 'grouped', id)
    await peer.call('settled')
    await eventually('memory serves it', async () => {
      return (await peer.call('read', 'grouped', id)).from === 'memory'
    })
  }
  return id
}

/** A load of version 1 that has its value and has not answered yet. */
async function slowLoad(peer: Peer, id: number) {
  arena.database.write('grouped', id, 1)
  const held = arena.database.holdNext('grouped', id)
  const slow = peer.call('read', 'grouped', id)
  await held.taken
  const end = async (): Promise<Reading> => {
    held.release()
    const reading = await slow
    await peer.call('settled')
    return reading
  }
  return { end, release: held.release.bind(held) }
}

const expectKept = (id: number, resolvedMs: number, version = 2) =>
  expectPromiseKept([reader, writer], { family: 'grouped', id, version, resolvedMs })

/** The call of the peer has begun: it answers in the order in which it was asked. */
const hasBegun = (peer: Peer) => peer.call('pending')

describeWithRedis('a group that is invalidated', () => {
  beforeAll(open)
  afterAll(close)

  describe.each(ways)('as %s', (_, invalidate) => {
    it.each(['in another process', 'in the same process'])('voids a load %s', async (where) => {
      const id = arena.nextId()
      const load = await slowLoad(where === 'in the same process' ? writer : reader, id)
      arena.database.write('grouped', id, 2)
      const { resolvedMs } = await invalidate(writer, id)
      expect((await load.end()).version).toBe(1)
      await expectKept(id, resolvedMs)
    })

    it('voids what every memory holds', async () => {
      const id = await cached(1)
      arena.database.write('grouped', id, 2)
      const { resolvedMs } = await invalidate(writer, id)
      await expectKept(id, resolvedMs)
    })
  })

  it('ends the sharing of a load under way in the process that invalidates', async () => {
    const id = arena.nextId()
    const load = await slowLoad(writer, id)
    arena.database.write('grouped', id, 2)
    await byVersion(writer, id, 1)
    const late = writer.call('read', 'grouped', id)
    await hasBegun(writer)
    expect((await load.end()).version).toBe(1)
    expect((await late).version).toBe(2)
  })

  it('ends it everywhere when the message has been applied', async () => {
    const id = arena.nextId()
    const load = await slowLoad(reader, id)
    arena.database.write('grouped', id, 2)
    await writer.call('invalidateTag', `version:1 of ${id}`, { barrier: true })
    const late = reader.call('read', 'grouped', id)
    await hasBegun(reader)
    expect((await load.end()).version).toBe(1)
    expect((await late).version).toBe(2)
  })

  it('takes along what was remembered as absent', async () => {
    const id = await cached(0)
    arena.database.write('grouped', id, 1)
    expect((await reader.call('read', 'grouped', id)).version).toBeUndefined()
    const { resolvedMs } = await byOwner(writer, id)
    await expectKept(id, resolvedMs, 1)
  })

  it('takes along an absence that is being loaded', async () => {
    const id = arena.nextId()
    const held = arena.database.holdNext('grouped', id)
    const slow = reader.call('read', 'grouped', id)
    await held.taken
    arena.database.write('grouped', id, 1)
    const { resolvedMs } = await byOwner(writer, id)
    held.release()
    expect((await slow).version).toBeUndefined()
    await reader.call('settled')
    await expectKept(id, resolvedMs, 1)
  })
})

describeWithRedis('a group of which Redis has lost the record', () => {
  beforeAll(open)
  afterAll(close)

  /** The load of anything else begins a new record, which knows no clock of before. */
  const lose = async () => {
    await arena.raw.del(arena.metaKey)
    await writer.call('read', 'grouped', arena.nextId())
  }
  const steps = ['before the load', 'during it', 'after the invalidation', 'after the store']

  it.each(steps)('makes a load void that met it: %s', async (lost) => {
    const at = async (step: string) => {
      if (step === lost) await lose()
    }
    const id = arena.nextId()
    await at('before the load')
    const load = await slowLoad(reader, id)
    await at('during it')
    arena.database.write('grouped', id, 2)
    const { resolvedMs } = await byVersion(writer, id, 1)
    await at('after the invalidation')
    await load.end()
    await at('after the store')
    await expectKept(id, resolvedMs)
  })

  it.each(['before', 'after'])('makes what was cached void: %s the invalidation', async (when) => {
    const id = await cached(1)
    arena.database.write('grouped', id, 2)
    if (when === 'before') await lose()
    const { resolvedMs } = await byOwner(writer, id)
    if (when === 'after') await lose()
    await expectKept(id, resolvedMs)
  })

  it('leaves absent what was current, and never serves the version before', async () => {
    const id = await cached(1)
    arena.database.write('grouped', id, 2)
    await byOwner(writer, id)
    await lose()
    const proven = await reader.call('read', 'grouped', id, { consistency: 'strict' })
    expect(proven).toMatchObject({ version: 2, from: 'source' })
  })
})
