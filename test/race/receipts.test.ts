/** Reading one's own writes through other processes: the receipt's token, used there at once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { Arena, type WorkerPeer } from './arena.ts'

const rounds = 200

describeWithRedis('a receipt used in other processes', () => {
  let arena: Arena
  let writer: WorkerPeer
  let readers: readonly WorkerPeer[]

  const open = async (): Promise<void> => {
    arena = await Arena.open()
    const workers = [arena.worker(), arena.worker(), arena.worker()] as const
    const [first, ...others] = await Promise.all(workers)
    writer = first
    readers = others
  }
  const close = () => arena.close()
  const write = async (id: number, version: number): Promise<string> => {
    arena.database.write('item', id, version)
    return (await writer.call('invalidate', 'item', [id])).token
  }
  const readAfter = (id: number, token: string) =>
    Promise.all(readers.map((reader) => reader.call('read', 'item', id, { after: token })))

  describe('as long as Redis lives', () => {
    beforeAll(open)
    afterAll(close)

    it(`never shows an old value, ${rounds} times in a row, with memory on`, async () => {
      const id = arena.nextId()
      const old: unknown[] = []
      let memoryReads = 0
      for (let version = 1; version <= rounds; version += 1) {
        const token = await write(id, version)
        const carrying = await readAfter(id, token)
        old.push(...carrying.filter((reading) => (reading.version ?? 0) < version))
        // Memory is filled again, so that the next round could be answered from it.
        const plain = await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
        memoryReads += plain.filter((reading) => reading.from === 'memory').length
      }
      expect(old).toEqual([])
      expect(memoryReads).toBeGreaterThan(0)
    })

    it('shows the write to a batch too', async () => {
      const ids = [arena.nextId(), arena.nextId()]
      for (const id of ids) arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('readMany', 'item', ids)))
      for (const id of ids) arena.database.write('item', id, 2)
      const { token } = await writer.call('invalidate', 'item', ids)
      const batches = readers.map((reader) =>
        reader.call('readMany', 'item', ids, { after: token }),
      )
      const versions = (await Promise.all(batches)).flat().map((reading) => reading.version)
      expect(versions).toEqual([2, 2, 2, 2])
    })

    it('shows the write after everything was flushed', async () => {
      const id = arena.nextId()
      arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
      const token = await write(id, 2)
      await arena.raw.flushall()
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
    })

    it('shows a write of which the invalidation came after a flush', async () => {
      const id = arena.nextId()
      arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
      await arena.raw.flushall()
      const token = await write(id, 2)
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
    })

    it.each(['', 'x', '0', 'not a token', '{}', '1|2|3', '0.a.b', 'ü'.repeat(10_000)])(
      'is refused when it is garbage: %.20j',
      async (token) => {
        const read = writer.call('read', 'item', arena.nextId(), { after: token })
        await expect(read).rejects.toMatchObject({ code: 'SP_TOKEN_INVALID' })
      },
    )

    it('is refused when it is a real one of which the end is damaged', async () => {
      const id = arena.nextId()
      const token = await write(id, 1)
      const read = writer.call('read', 'item', id, { after: `${token.slice(0, -1)}!` })
      await expect(read).rejects.toMatchObject({ code: 'SP_TOKEN_INVALID' })
    })
  })

  describe('of another incarnation of Redis', () => {
    beforeEach(open)
    afterEach(close)

    it('shows the write although a snapshot brought the old value back', async () => {
      const id = arena.nextId()
      arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
      await arena.raw.save()
      const token = await write(id, 2)
      await arena.redis.restart()
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
      await eventually('memory serves the old receipt', async () => {
        const readings = await readAfter(id, token)
        expect(readings.map((reading) => reading.version)).toEqual([2, 2])
        return readings.every((reading) => reading.from === 'memory')
      })
    })

    it('shows the write while Redis is away', async () => {
      const id = arena.nextId()
      arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
      const token = await write(id, 2)
      await arena.redis.kill()
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
    })

    it('shows a write of which the invalidation is still pending', async () => {
      const id = arena.nextId()
      arena.database.write('item', id, 1)
      await Promise.all(readers.map((reader) => reader.call('read', 'item', id)))
      arena.redis.freeze()
      arena.database.write('item', id, 2)
      const token = await writer.call('invalidateOrPending', 'item', id)
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
      arena.redis.resume()
      for (const reading of await readAfter(id, token)) expect(reading.version).toBe(2)
    })
  })
})
