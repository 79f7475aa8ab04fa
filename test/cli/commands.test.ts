/** The command on a real Redis with two real services: what it shows, and what it changes. */
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { type Ended, runCommand, startCommand } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'

const catalogFile = fileURLToPath(new URL('./shop-catalog.ts', import.meta.url))
const confirmed = ['--environment', 'test', '--yes', '--expect-count']

let redis: TestRedis
let client: Redis
let api: TestWorker<ShopCalls>
let search: TestWorker<ShopCalls>

async function shop(service: string): Promise<TestWorker<ShopCalls>> {
  const init: ShopInit = { redis: redis.url, service }
  return spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
}

function run(...words: readonly string[]): Promise<Ended> {
  return runCommand(words, { variables: { REDIS_URL: redis.url } })
}

async function document(...words: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(...words, '--json')
  return JSON.parse(stdout)
}

describeWithRedis('the command', () => {
  beforeAll(async () => {
    redis = await startRedis()
    client = new Redis(redis.url)
    ;[api, search] = await Promise.all([shop('api'), shop('search')])
    await api.call('read', [1, 2, 3, 1, 1])
    await search.call('read', [1, 2])
  })
  afterAll(async () => {
    client?.disconnect()
    await Promise.all([api?.stop(), search?.stop()])
    await redis?.stop()
  })

  it('counts what the processes have counted', async () => {
    const counted = await Promise.all([api.call('stats'), search.call('stats')])
    const memory = counted.reduce(
      (sum, stats) => sum + (stats.families.product?.reads.memory ?? 0),
      0,
    )
    await eventually('all reads to be published', async () => {
      const seen = await Promise.all([api.call('published'), search.call('published')])
      return seen.every((reads) => reads === 7)
    })
    const { reads, totals, services } = await document('stats')
    expect(reads).toBe(7)
    expect(services).toEqual(['api', 'search'])
    expect(totals).toMatchObject({ memory, loads: 3, source: 3 })
    const { code, stdout } = await run('stats', '--service', 'search')
    expect(code).toBe(0)
    expect(stdout).toMatch(/shop +ok, 1 processes of search/)
    expect(stdout).toMatch(/product +2 +100\.0 %/)
  })

  it('lists processes, and says who is there where the one asked for is not', async () => {
    const { stdout } = await run('services')
    expect(stdout).toMatch(/api +api\.\S+ +ok/)
    expect(stdout).toMatch(/search +search\.\S+ +ok/)
    const { code, stderr } = await run('services', '--service', 'bot')
    expect(code).toBe(4)
    expect(stderr).toContain('there are api, search')
  })

  it('lists keys with family, kind and size', async () => {
    const { keys, isComplete } = await document('keys', 'api:product:*')
    expect(isComplete).toBe(true)
    const wanted = { family: 'product', kind: 'value', ttlMs: expect.any(Number) }
    expect(keys).toHaveLength(3)
    expect(keys).toContainEqual({ key: 'api:product:1', bytes: expect.any(Number), ...wanted })
    const { stderr } = await run('keys', '--family', 'prodcut')
    expect(stderr).toMatch(/expected product, received prodcut/)
  })

  it('shows what keys and payloads of somebody hostile hold, without obeying it', async () => {
    const name = '{shop:0}:k:evil\u001b[2J\u0007'
    await client.set(name, 'x\u001b]0;title\u0007')
    const { stdout } = await run('keys', 'evil*')
    await client.del(name)
    expect(stdout).toContain('evil\\u001b[2J\\u0007')
    expect(stdout).toMatch(/damaged +never/)
    expect(stdout).not.toContain('\u001b')
  })

  it('gets a value without loading one, and says where there is none', async () => {
    const { code, stdout } = await run('get', 'api:product:1')
    expect({ code, value: JSON.parse(stdout) }).toEqual({
      code: 0,
      value: { id: 1, name: 'Product 1' },
    })
    const absent = await run('get', 'api:product:999')
    expect(absent).toMatchObject({ code: 1, stdout: '' })
    expect(absent.stderr).toContain('no value (nothing)')
  })

  it('explains a key in sentences, and its tags with their clocks', async () => {
    const { stdout } = await run('explain', 'api:product:1')
    expect(stdout).toContain('api:product:1 is a key of the family product.')
    expect(stdout).toMatch(/Redis holds a value, .* old; it is fresh for \d/)
    expect(stdout).toMatch(/shelf:1 +never +before it/)
    const gone = await run('explain', 'api:product:999')
    expect(gone.stdout).toContain('Redis holds nothing for it')
  })

  it('explains that a tag was invalidated after the value was loaded', async () => {
    await api.call('read', [40])
    const meta = '{shop:0}:m'
    await client.hset(meta, 'shelf%3A0', '9999999999999999')
    const { stdout } = await run('explain', 'api:product:40')
    await client.hdel(meta, 'shelf%3A0')
    expect(stdout).toContain('nobody serves')
    expect(stdout).toContain('one of its tags was invalidated after it was loaded')
  })

  it('tails invalidations as they happen', async () => {
    const tail = startCommand(['tail', '--count', '1', '--json'], {
      variables: { REDIS_URL: redis.url },
    })
    await tail.said('interrupt to end')
    await api.call('invalidate', 77, 'price changed')
    const { code, stdout } = await tail.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      kind: 'key',
      keys: ['api:product:77'],
      reason: 'price changed',
    })
  })

  it('ends a tail that is interrupted with 130, and one that is terminated with 143', async () => {
    const ends = (['SIGINT', 'SIGTERM'] as const).map(async (signal) => {
      const tail = startCommand(['tail'], { variables: { REDIS_URL: redis.url } })
      await tail.said('interrupt to end')
      tail.signal(signal)
      return (await tail.ended).code
    })
    expect(await Promise.all(ends)).toEqual([130, 143])
  })

  it('finds no difference between services, nor to the catalog they were built with', async () => {
    expect(await run('diff')).toMatchObject({ code: 0, stdout: 'No differences: api, search.\n' })
    expect((await run('diff', catalogFile)).code).toBe(0)
  })

  it('prints top once where there is no terminal, and as lines of JSON', async () => {
    const [once, json] = await Promise.all([
      run('top', '--interval', '500ms'),
      run('top', '--once', '--json', '--interval', '500ms'),
    ])
    expect(once.code).toBe(0)
    expect(once.stdout).toMatch(/FAMILY +GETS\/s/)
    expect(once.stdout).toMatch(/^product /m)
    expect(once.stdout).not.toContain('\u001b')
    expect(json.stdout.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      command: 'top',
      namespace: 'shop',
      processes: 2,
    })
  })

  it('says what memory should be, as far as that is known', async () => {
    const { services } = await document('size', '--memory', '128mb')
    expect(services).toMatchObject([{ service: 'api' }, { service: 'search' }])
  })

  it('invalidates nothing that was not confirmed', async () => {
    await api.call('read', [1])
    const words = ['invalidate', 'api:product:1', '--catalog', catalogFile]
    const dry = await run(...words, '--dry-run')
    const production = await run(...words, '--yes', '--expect-count', '1')
    const unconfirmed = await run(...words, '--environment', 'test')
    const unexpected = await run(...words, ...confirmed, '5')
    expect(dry.code).toBe(0)
    expect(dry.stdout).toContain('Nothing was done')
    expect(production.stderr).toMatch(/SP_CONFIRMATION_MISSING.*--i-know-this-is production/)
    expect(unconfirmed.stderr).toContain('--yes and --expect-count 1')
    expect(unexpected.stderr).toContain('within 10 % of 1, not 5')
    expect([production, unconfirmed, unexpected].map(({ code }) => code)).toEqual([5, 5, 5])
    expect(await api.call('holds', 1)).toBe(true)
  })

  it('invalidates everywhere what was confirmed, and costs no process its trust', async () => {
    await Promise.all([api.call('read', [1, 2]), search.call('read', [1, 2])])
    const before = await api.call('stats')
    const words = ['invalidate', 'api:product:1', '--catalog', catalogFile, ...confirmed, '1']
    const { code, stdout } = await run(...words, '--reason', 'a test')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Done in .*; 2 processes were told\./)
    await eventually('both to drop it', async () => {
      const held = [await api.call('holds', 1), await search.call('holds', 1)]
      return held.every((isHeld) => !isHeld)
    })
    expect(await api.call('holds', 2)).toBe(true)
    expect((await api.call('stats')).trustLosses).toBe(before.trustLosses)
  })

  it('counts what a tag concerns before it invalidates it', async () => {
    await api.call('read', [11, 13, 14])
    const words = ['invalidate', '--tag', 'shelf:1', '--catalog', catalogFile]
    const { plan } = await document(...words, '--dry-run')
    const { keys } = await document('keys', 'api:product:*')
    const odd = (keys as { readonly key: string }[]).filter(({ key }) => /[13579]$/.test(key))
    expect(plan).toMatchObject({ count: odd.length, isEstimate: false })
  })

  it('counts what it would drop to the last key', async () => {
    const names = Array.from({ length: 10_500 }, (_, id) => `{shop:0}:k:api:category:c${id}`)
    await client.mset(names.flatMap((name) => [name, 'x']))
    const words = ['invalidate', '--family', 'category', '--catalog', catalogFile]
    const { plan } = await document(...words, '--dry-run')
    const refused = await run(...words, ...confirmed, '1200')
    await client.unlink(names)
    expect(plan).toMatchObject({ count: 10_500, isEstimate: false })
    expect((plan as { readonly sample: readonly string[] }).sample).toHaveLength(10)
    expect(refused.code).toBe(5)
  })

  it('clears the cache, and nothing else on the server', async () => {
    await client.set('somebody-else', '1')
    await api.call('read', [1, 2])
    const { plan } = await document('clear', '--catalog', catalogFile, '--dry-run')
    const { count } = plan as { readonly count: number }
    const { code } = await run('clear', '--catalog', catalogFile, ...confirmed, String(count))
    expect(code).toBe(0)
    await eventually('memory to be empty', async () => !(await api.call('holds', 2)))
    expect(await client.get('somebody-else')).toBe('1')
  })

  it('says that it needs a catalog to invalidate, and that a key is of none', async () => {
    const without = await run('invalidate', 'api:product:1')
    expect(without).toMatchObject({ code: 2, stdout: '' })
    expect(without.stderr).toMatch(/--catalog FILE/)
    const unknown = await run('invalidate', 'api:prodcut:1', '--catalog', catalogFile)
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('api:product:{id:int}')
  })

  it('says that there is nothing to see or compare where no process publishes', async () => {
    const codes = [
      ['diff'],
      ['diff', catalogFile],
      ['top', '--once', '--interval', '250ms'],
      ['stats'],
    ].map(async (words) => (await run(...words, '--namespace', 'empty')).code)
    expect(await Promise.all(codes)).toEqual([4, 4, 4, 4])
  })

  it('refuses a name that no cache can have', async () => {
    const { code, stderr } = await run('keys', '--namespace', 'a b')
    expect(code).toBe(2)
    expect(stderr).toMatch(/option '--namespace'; expected 1 to 64 .*, received 'a b'/)
  })

  it('asks which cache is meant where there are several, and obeys no name', async () => {
    const other = 'other\u001b]0;\u0007'
    const subscriber = client.duplicate()
    await subscriber.subscribe(`cache:invalidate:{${other}:0}`)
    const { code, stderr } = await run('stats')
    const named = await run('stats', '--namespace', 'shop')
    subscriber.disconnect()
    expect(code).toBe(2)
    expect(stderr).toContain('--namespace and one of other\\u001b]0;\\u0007, shop')
    expect(stderr).not.toContain('\u001b')
    expect(named.code).toBe(0)
  })
})
