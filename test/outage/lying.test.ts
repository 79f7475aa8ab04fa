import type { Socket } from 'node:net'
import { openCache } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'
import { liar, startFake } from './fake-redis.ts'
import {
  budgetMs,
  catalog,
  Database,
  type ItemCache,
  noiseMs,
  timed,
  useRejectionWatch,
} from './world.ts'

const nonsense = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'
const strangers: readonly (readonly [what: string, greet: (socket: Socket) => void])[] = [
  ['closes at once', (socket) => socket.destroy()],
  ['ends at once', (socket) => socket.end()],
  ['says nothing', (socket) => socket.resume()],
  ['speaks another protocol', (socket) => socket.end(nonsense)],
  [
    'greets with bytes that mean nothing',
    (socket) => socket.write('\u0000\u0001\u0002\r\n'.repeat(99)),
  ],
  ['answers OK to everything', (socket) => socket.on('data', () => socket.write('+OK\r\n'))],
  ['answers with an error', (socket) => socket.on('data', () => socket.write('-ERR no\r\n'))],
  ['breaks off within a reply', (socket) => socket.once('data', () => socket.end('$100\r\nabc'))],
]
const lies: readonly (readonly [what: string, reply: string])[] = [
  ['numbers', ':7\r\n'],
  ['nothing', '$-1\r\n'],
  ['empty lists', '*0\r\n'],
  ['lists of nothing', '*3\r\n$-1\r\n$-1\r\n$-1\r\n'],
  ['OK', '+OK\r\n'],
  ['texts', '$5\r\nhello\r\n'],
  ['errors that nobody knows', '-WEIRD thing\r\n'],
  ['NOSCRIPT for ever', '-NOSCRIPT no\r\n'],
  ['bytes that mean nothing', '!\u0000?\r\n'],
]

describe('what is no Redis', () => {
  useRejectionWatch()

  it.each(strangers)('and %s: reads go on from the source', async (_, greet) => {
    const fake = await startFake(greet)
    const { cache, database } = await openAt(fake.port)
    await survives(cache, database)
    expect(cache.health().state).toBe('down-to-source')
    await cache.close()
    await fake.stop()
  })

  it.each(lies)(
    'and greets like one, but answers %s: reads go on from the source',
    async (_, reply) => {
      const fake = await startFake(liar(reply))
      const { cache, database } = await openAt(fake.port)
      await survives(cache, database)
      expect(cache.health().state).not.toBe('ok')
      await cache.close()
      await fake.stop()
    },
  )
})

describeWithRedis('a Redis in the place of a liar', () => {
  useRejectionWatch()

  it('is found and used', async () => {
    const fake = await startFake(liar(':7\r\n'))
    const { port } = fake
    const { cache, database } = await openAt(port)
    await survives(cache, database)
    await fake.stop()
    const server = await startRedis({ port })
    await eventually('the cache is healthy', () => cache.health().state === 'ok')
    expect(cache.pending()).toEqual([])
    await cache.close()
    await server.stop()
  })
})

async function openAt(port: number): Promise<{ cache: ItemCache; database: Database }> {
  const database = new Database()
  const cache = await openCache(catalog, {
    service: 'test',
    redis: `redis://127.0.0.1:${port}`,
    connectTimeout: 400,
    log: false,
    sources: { item: database.load },
  })
  return { cache, database }
}

async function survives(cache: ItemCache, database: Database): Promise<void> {
  const calls = 20
  const totalMs = await timed(async () => {
    for (database.value = 1; database.value <= calls; database.value++) {
      const tookMs = await timed(async () => {
        expect(await cache.item.get('a')).toBe(database.value)
      })
      expect(tookMs).toBeLessThan(budgetMs + noiseMs)
    }
  })
  expect(totalMs).toBeLessThan((calls * budgetMs) / 5)
  await expect(cache.item.invalidate('a')).rejects.toMatchObject({
    code: 'SP_INVALIDATION_PENDING',
  })
  expect(cache.pending().map(({ key }) => key)).toEqual(['item:a'])
}
