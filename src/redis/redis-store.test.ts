import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { InvalidateAsk, InvalidateRequest } from '../core/contracts/store.ts'
import { partitionTag } from '../core/partition-tag.ts'
import { formatFloor, formatOrder } from '../core/slot.ts'
import { describeStore, type StoreWorld } from '../testing/store-suite.ts'
import type { Commander, Urgency } from './commander.ts'
import { oneNode } from './nodes.ts'
import {
  describeWithRedis as describe,
  testWithRedis as it,
  TestRedis,
} from './redis-server.test-support.ts'
import { RedisStore } from './redis-store.ts'
import { storeWorld } from './store-world.test-support.ts'

const server = new TestRedis(23_010, '--maxmemory-policy', 'noeviction')
let admin: Redis

beforeAll(async () => {
  await server.start()
  admin = new Redis(server.port, '127.0.0.1', { protocol: 2 })
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

describeStore({ describe, expect, it }, 'the store on Redis', () => storeWorld(admin))

const note = { origin: 'api', reason: 'test' }
const grant = { newEpoch: 'epoch', leaseMs: 60_000 }
const askFor = (key: string) => ({ key, token: `t-${key}`, schema: 'schema', voidFid: undefined })
const plain = { order: '', keepsOrder: false, floorMs: 0, tokens: [], settle: undefined }
const invalidationOf = (key: string, change: Partial<InvalidateAsk> = {}): InvalidateRequest => {
  return { ...note, asks: [{ key, ...plain, ...change }], barrier: undefined }
}
const ignore = () => {}
const deaf = {
  up: ignore,
  down: ignore,
  subscribed: ignore,
  unsubscribed: ignore,
  message: ignore,
  direct: ignore,
}

async function opened(): Promise<StoreWorld & { readonly stamp: string }> {
  const world = await storeWorld(admin)
  await world.remote.open('p1', deaf)
  return { ...world, stamp: world.remote.store.connectedOf(0)?.stamp ?? '' }
}

describe('a server without memory left', () => {
  const times = { trustMs: 1500, registryMs: 1000 }
  const beat = { process: 'p1', nonce: 'n', settings: '1|1|1500', isFirst: true, ...times }
  let world: Awaited<ReturnType<typeof opened>>

  beforeEach(async () => {
    world = await opened()
    const { store } = world.remote
    const asks = [askFor('lease')]
    await store.lease(0, { stamp: world.stamp, ...grant, asks })
    const floor = formatFloor({ stamp: world.stamp, order: formatOrder(3) })
    await world.putText('floor', floor, 60_000)
    await store.lease(0, { stamp: world.stamp, ...grant, asks: [askFor('floor')] })
    await world.putText('value', 'V', 60_000)
    await store.lock(0, { name: 'job', token: 'held', ttlMs: 60_000 })
    await admin.config('SET', 'maxmemory', '1')
    return async () => {
      await admin.config('SET', 'maxmemory', '0')
      await world.close()
    }
  })

  it('still invalidates, counts and tells', async () => {
    const { store } = world.remote
    for (const [at, key] of ['value', 'lease', 'floor'].entries()) {
      const reply = await store.invalidate(0, invalidationOf(key))
      expect(reply).toEqual({ epoch: 'epoch', seq: at + 1, receivers: 1 })
    }
    expect([await world.text('value'), await world.text('lease')]).toEqual([undefined, undefined])
    expect(await world.text('floor')).toMatch(/^T\|1\|/)
  })

  it('still invalidates tags and all, and takes leases back', async () => {
    const { store } = world.remote
    expect(
      await store.raise(0, { ...note, newEpoch: 'e', tags: ['a'], barrier: undefined }),
    ).toMatchObject({ seq: 1 })
    expect(
      await store.raise(0, { ...note, newEpoch: 'e', tags: [], barrier: undefined }),
    ).toMatchObject({ seq: 2 })
    await store.release(0, [{ key: 'lease', token: 't-lease' }])
    expect(await world.text('lease')).toBeUndefined()
  })

  it('still tells patterns, leaves what settles, and gives locks back', async () => {
    const { store } = world.remote
    const pattern = { ...note, pattern: 'a*', barrier: undefined }
    expect(await store.tellPattern(0, pattern)).toMatchObject({ seq: 1, receivers: 1 })
    const settle = { token: 'settle', ms: 60_000 }
    expect(await store.invalidate(0, invalidationOf('value', { settle }))).toMatchObject({ seq: 2 })
    expect(await world.text('value')).toMatch(/^Q\|1\|.*settle:/)
    expect(await store.unlock(0, { name: 'job', token: 'held' })).toBe(true)
  })

  it('grants no lock and no quarantine', async () => {
    const { store } = world.remote
    const refused = { kind: 'refused', message: expect.stringMatching(/OOM/) }
    const lock = store.lock(0, { name: 'new', token: 't', ttlMs: 60_000 })
    await expect(lock).rejects.toMatchObject(refused)
    const asks = [{ key: 'value', token: 't' }]
    const place = store.place(0, { ...note, stamp: world.stamp, quarantineMs: 60_000, asks })
    await expect(place).rejects.toMatchObject(refused)
    expect(await world.text('value')).toBe('V')
  })

  it('grants no lease and shows no beat', async () => {
    const { store } = world.remote
    const refused = { kind: 'refused', message: expect.stringMatching(/OOM/) }
    const lease = store.lease(0, { stamp: world.stamp, ...grant, asks: [askFor('new')] })
    await expect(lease).rejects.toMatchObject(refused)
    await expect(store.beat(0, beat)).rejects.toMatchObject(refused)
  })
})

interface StoreOnOptions {
  readonly namespace?: string
  readonly partitions?: number
  /** Told of each command how it is to leave. */
  readonly heed?: (urgency: Urgency | undefined) => void
}

/** A store on a connection of its own, in partitions that nobody listens to. */
function storeOn(client: Redis, { heed, ...options }: StoreOnOptions = {}) {
  const connected = { stamp: 'sTaMp001', runId: 'run', generation: 1, lostTailMs: undefined }
  const commander: Commander = {
    connected,
    send: (command, args, urgency) => {
      heed?.(urgency)
      return client.call(command, ...args)
    },
    pipeline: () => Promise.reject(new Error('expected no pipeline')),
    reconnect: ignore,
  }
  const all = {
    namespace: 'n',
    partitions: 1,
    database: 0,
    publish: 'PUBLISH' as const,
    ...options,
  }
  return new RedisStore(oneNode(commander), all)
}

it('invalidates at once, and with its tick where a barrier is', async () => {
  const urgencies: unknown[] = []
  const store = storeOn(admin, { heed: (urgency) => urgencies.push(urgency) })
  await store.invalidate(0, invalidationOf('k'))
  await store.invalidate(0, { ...invalidationOf('k'), barrier: { process: 'p', id: 'b' } })
  expect(urgencies).toEqual(['now', 'withTick'])
})

it('removes what it can put nothing in the place of, and tells it', async () => {
  await admin.flushall()
  await admin.call('ACL', 'SETUSER', 'reader', 'on', 'nopass', '~*', '&*', '+@all', '-set')
  const login = { username: 'reader', password: 'any' }
  const client = new Redis(server.port, '127.0.0.1', { protocol: 2, ...login })
  const store = storeOn(client)
  for (const text of ['V', 'L|1|s|e|t|schema||1763640000123']) {
    await admin.set('{n:0}:k:k', text)
    await admin.hset('{n:0}:m', '#e', 'epoch', '#s', '0')
    const settle = { token: 'settle', ms: 60_000 }
    const reply = await store.invalidate(0, invalidationOf('k', { settle }))
    expect(reply).toMatchObject({ epoch: 'epoch', seq: 1 })
    expect(await admin.exists('{n:0}:k:k')).toBe(0)
  }
  client.disconnect()
})

describe('a scan', () => {
  const found = async (store: RedisStore, pattern: string) => {
    const keys: string[] = []
    for await (const batch of store.scan(pattern)) keys.push(...batch)
    return keys.sort()
  }

  it('finds slots of its own namespace and partitions alone', async () => {
    await admin.flushall()
    const store = storeOn(admin, { namespace: 'a[b]', partitions: 2 })
    const [own, other] = store.partitionOf('k:1') === 0 ? [0, 1] : [1, 0]
    const tag = (partition: number) => partitionTag('a[b]', partition, 2)
    await admin.mset({
      [`{${tag(own)}}:k:k:1`]: 'x',
      [`{${tag(other)}}:k:k:1`]: 'in the partition of another number of partitions',
      '{a[b]:7}:k:k:1': 'of a partition that is none',
      '{ab:0}:k:k:1': 'of a namespace that the glob would match',
      'k:1': 'of another application',
    })
    expect(await found(store, 'k:*')).toEqual(['k:1'])
  })

  it('ends where another incarnation answers', async () => {
    const connected = { stamp: 'sTaMp001', runId: 'run', generation: 1, lostTailMs: undefined }
    const commander = {
      connected,
      async send() {
        commander.connected = { ...connected, stamp: 'sTaMp002' }
        return ['7', ['{n:0}:k:k:1']]
      },
      pipeline: async () => [],
      reconnect: ignore,
    }
    const options = { namespace: 'n', partitions: 1, database: 0, publish: 'PUBLISH' } as const
    const store = new RedisStore(oneNode(commander), options)
    await expect(found(store, 'k:*')).rejects.toMatchObject({ name: 'StoreFault', kind: 'lost' })
  })
})

it('waits for replicas no longer than asked for', async () => {
  const store = storeOn(admin)
  expect(await store.replicated(0, { replicas: 1, timeoutMs: 0 })).toBe(0)
})

it('sends the text of a script that the server has forgotten', async () => {
  const world = await opened()
  const { store } = world.remote
  await admin.script('FLUSH')
  const reply = await store.lease(0, { stamp: world.stamp, ...grant, asks: [askFor('large')] })
  await admin.script('FLUSH')
  const text = `V|1|${world.stamp}|epoch|${reply.clock}|t-large||schema|1763640000123|1|1|0;j;0;|`
  const life = { lifeMs: 60_000, bornMs: reply.serverMs, elapsedMs: 0 }
  const fill = { key: 'large', expected: 't-large', order: '', tags: [], ...life }
  const fills = [{ ...fill, text: text + 'x'.repeat(20_000) }]
  const { epoch, clock } = reply
  expect(await store.fill(0, { stamp: world.stamp, epoch, clock, fills })).toEqual(['stored'])
  expect(await admin.keys('{suite:0}:t:*')).toEqual([])
  await world.close()
})

it('leaves nothing staged for a large value that is refused', async () => {
  const world = await opened()
  const stage = { lifeMs: 60_000, bornMs: 0, elapsedMs: 0, order: '', tags: [] }
  const head = 'V|1|s|epoch|1763640000123456|fid||schema|1763640000123|1|1|0;j;0;|'
  const text = head + 'x'.repeat(20_000)
  const fills = [{ key: 'k', expected: 'none', ...stage, text }]
  const request = { stamp: world.stamp, epoch: 'epoch', clock: 1, fills }
  expect(await world.remote.store.fill(0, request)).toEqual(['gone'])
  expect(await admin.keys('{suite:0}:t:*')).toEqual([])
  await world.close()
})

it('refuses a key that would break the message', async () => {
  const world = await opened()
  const { store } = world.remote
  await expect(store.invalidate(0, invalidationOf('a|b'))).rejects.toThrow(/separators/)
  await expect(store.invalidate(0, invalidationOf('a,b'))).rejects.toThrow(/separators/)
  await world.close()
})

it('takes a reply that is not its own for a refusal', async () => {
  const connected = { stamp: 'sTaMp001', runId: 'run', generation: 1, lostTailMs: undefined }
  for (const reply of ['OK', null, [], [1, 2, 3], new Error('ERR')]) {
    const commander: Commander = {
      connected,
      send: async () => reply,
      pipeline: async () => [reply, reply],
      reconnect: ignore,
    }
    const store = new RedisStore(oneNode(commander), {
      namespace: 'n',
      partitions: 1,
      database: 0,
      publish: 'PUBLISH',
    })
    const refused = { name: 'StoreFault', kind: 'refused' }
    const asks = { stamp: 'sTaMp001', ...grant, asks: [] }
    await expect(store.lease(0, asks)).rejects.toMatchObject(refused)
    await expect(store.invalidate(0, invalidationOf('k'))).rejects.toMatchObject(refused)
    const query = { keys: [], heads: [], tags: [] }
    await expect(store.read(0, query)).rejects.toMatchObject(refused)
  }
})
