/** The rights that are exported are enough, and no more than that. */
import { Redis } from 'ioredis'
import { type Cache, defineCatalog, family, openCache, shape } from 'staleproof'
import { openOps, openReporter } from 'staleproof/ops'
import { openMetrics } from 'staleproof/prometheus'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { exported } from './exported.ts'

const catalog = defineCatalog('rights', {
  item: family('item:{id:int}', {
    value: shape<string>(),
    ttl: '30s',
    tags: (_value, id) => [`group:${id % 2}`],
  }),
  price: family('price:{id:int}', {
    value: shape<{ readonly seq: number }>(),
    ttl: '30s',
    order: (price) => price.seq,
  }),
})

const quietLog = { debug() {}, info() {}, warn() {}, error() {} }

const namespace = catalog.name
const rules = exported('acl', '--namespace', namespace)

describeWithRedis('users of Redis', () => {
  let server: TestRedis
  let admin: Redis
  const closing: (() => unknown)[] = []

  beforeEach(async () => {
    server = await startRedis()
    admin = new Redis(server.url)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    admin.disconnect()
    await server.stop()
  })

  /** Gives the rights; what one server does not know is left out, as the lines promise. */
  const give = async (): Promise<void> => {
    for (const line of rules.trim().split('\n')) {
      const [command = '', ...words] = line.replace('>PASSWORD', '>secret').split(' ')
      const isNew = words.length === 3 && /commandlog|no-touch|setinfo|slot-stats/.test(line)
      const given = admin.call(command, ...words)
      await (isNew ? given.catch(() => undefined) : given)
    }
  }
  const urlOf = (user: string) => server.url.replace('//', `//staleproof-${user}:secret@`)
  const clientOf = (user: string): Redis => {
    const client = new Redis(urlOf(user), { enableReadyCheck: false })
    closing.push(() => client.disconnect())
    return client
  }
  /** What was refused, by user. */
  const denials = async (): Promise<readonly string[]> => {
    const log = (await admin.call('ACL', 'LOG')) as readonly (readonly unknown[])[]
    return log.map((entry) => {
      const field = (name: string) => String(entry[entry.indexOf(name) + 1])
      return `${field('username')} ${field('reason')} ${field('object')}`
    })
  }

  it('a cache does all that it can with those of its own', async () => {
    await give()
    const open = async (): Promise<Cache<typeof catalog.families>> => {
      const cache = await openCache(catalog, {
        service: 'api',
        redis: urlOf('cache'),
        log: false,
        durability: { replicas: 1, timeout: '10ms' },
        sources: {
          item: { many: async (ids) => ids.map((id) => `item ${id}`) },
          price: async (id) => ({ seq: id }),
        },
      })
      closing.push(() => cache.close())
      return cache
    }
    const [one, two] = [await open(), await open()]
    const reason = 'test'
    expect(await one.item.getMany([1, 2, 3])).toEqual(['item 1', 'item 2', 'item 3'])
    await one.settled()
    expect(await two.item.lookup(1)).toMatchObject({ from: 'redis' })
    await one.price.get(1)
    await one.price.set(1, { seq: 9 }, { reason })
    await one.item.refresh(1)
    await one.item.invalidate(1, { reason, barrier: true })
    await one.item.invalidate([2, 3], { reason })
    await one.invalidateTag('group:1', { reason })
    await one.invalidatePattern('item:*', { reason })
    await one.mutate([one.item.key(1)], async () => 'written', { reason })
    await one.lock('settle', { ttl: '5s' }, async () => {})
    await one.item.get(1, { consistency: 'strict' })
    await one.item.clear({ reason })
    await one.clear({ reason })
    expect([one.health().state, two.health().state]).toEqual(['ok', 'ok'])
    // The bound of its replicas is all that it wants to know of CONFIG, and it does without.
    expect((await denials()).filter((each) => !each.endsWith('config|get'))).toEqual([])
  })

  it('a cache reaches nothing of others', async () => {
    await give()
    const client = clientOf('cache')
    for (const refused of [
      () => client.get('{other:0}:k:item:1'),
      () => client.set('session:1', 'x'),
      () => client.publish('cache:invalidate:{other:0}', 'x'),
      () => client.flushall(),
      () => client.keys('*'),
      () => client.config('GET', 'requirepass'),
    ]) {
      await expect(refused()).rejects.toThrow('NOPERM')
    }
  })

  it('the doctor looks at everything and writes nothing', async () => {
    await give()
    const client = clientOf('doctor')
    await client.info()
    await client.call('MEMORY', 'USAGE', 'any:key')
    await client.call('PTTL', 'session:1')
    await expect(client.set('a', 'b')).rejects.toThrow('NOPERM')
    await expect(client.del('a')).rejects.toThrow('NOPERM')
    await expect(client.flushall()).rejects.toThrow('NOPERM')
    await expect(client.keys('*')).rejects.toThrow('NOPERM')
  })

  it('reports, metrics and the admin API do all that they can with theirs', async () => {
    await give()
    const cache = await openCache(catalog, {
      service: 'api',
      redis: urlOf('cache'),
      log: false,
      sources: { item: async (id) => `item ${id}`, price: async (id) => ({ seq: id }) },
    })
    closing.push(() => cache.close())
    await cache.item.get(1)
    await cache.settled()
    const redis = urlOf('reporter')
    const reporter = await openReporter(cache, { redis })
    closing.push(() => reporter.close())
    const metrics = openMetrics(cache, { server: redis })
    closing.push(() => metrics.close())
    const token = 'a-token-of-thirty-two-characters-or-more'
    const auth = [{ name: 'me', role: 'administrator', token }] as const
    const ops = openOps(cache, { reporter, redis, auth, dashboard: false, log: quietLog })
    closing.push(() => ops.close())
    const ask = (path: string, body?: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const method = body === undefined ? 'GET' : 'POST'
      const url = `http://localhost/api/v1/cache/${path}`
      return ops.fetch(new Request(url, { method, headers, body: JSON.stringify(body) }))
    }
    const looks = ['overview', 'stats', 'families', 'families/item', 'keys', 'services', 'redis']
    const more = ['resilience', 'warming', 'doctor', 'usage', 'series?range=1h', 'audit']
    for (const path of [...looks, ...more, 'entries/item:1?value=1', 'invalidations']) {
      expect((await ask(path)).status, path).toBe(200)
    }
    expect((await ask('invalidate', { keys: ['item:1'], reason: 'test' })).status).toBe(200)
    expect((await ask('audit')).status).toBe(200)
    await eventually('the server was asked', async () => {
      return (await metrics.metrics()).includes('redis_up 1')
    })
    const foreign = (await denials()).filter((each) => !each.startsWith('staleproof-cache'))
    expect(foreign).toEqual([])
  })

  it('a reporter writes its own records and reads those of its name space alone', async () => {
    await give()
    const client = clientOf('reporter')
    await client.set(`{${namespace}:0}:o:p:api.1`, '{}', 'PX', 20_000)
    await client.call('PTTL', `{${namespace}:0}:k:item:1`)
    await expect(client.set(`{${namespace}:0}:k:item:1`, 'x')).rejects.toThrow('NOPERM')
    await expect(client.get('session:1')).rejects.toThrow('NOPERM')
  })
})
