/** Keys and values come from anywhere: whatever they are, they harm nobody who looks at them. */
import { Redis } from 'ioredis'
import { apiBase } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { openWorld, tokenOf, type World } from './world.ts'

/** Of SCAN, as docs/admin-api.md says. */
const stepsOfRequest = 20

const hostileIds = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '\u0000\u0007\u001b[2Jcleared\r\nset-cookie: a=b',
  '\u202Egnp.exe',
  '../../../etc/passwd',
  '%2e%2e%2f',
  '*?[a-z]\\',
  '{shop:0}:k:market:1',
  "'; DROP TABLE markets; --",
  '__proto__',
  'é\u{1F600}'.repeat(50),
]

describeWithRedis('with a Redis', () => {
  let redis: TestRedis
  let world: World
  let client: Redis
  beforeAll(async () => {
    redis = await startRedis()
    world = await openWorld({ redisUrl: redis.url, namespace: 'shop' })
    client = new Redis(redis.url)
  })
  afterAll(async () => {
    client.disconnect()
    await world.close()
    await redis.stop()
  })

  test.each(hostileIds)('the key of %j is listed, explained, read and invalidated', async (id) => {
    const { text } = world.cache.market.key(id)
    await world.cache.market.get(id)
    await world.cache.settled()
    const listed = await world.json(`/keys?limit=500&pattern=${encodeURIComponent(text)}`)
    expect(listed.body.keys).toMatchObject([{ key: text, family: 'market', kind: 'value' }])
    const entry = await world.json(`/entries/${encodeURIComponent(text)}?value=1`)
    expect(entry).toMatchObject({ status: 200, body: { key: text, value: { marketId: id } } })
    const body = { keys: [text], reason: id }
    expect((await world.json('/invalidate', { body })).status).toBe(200)
    const { entries } = (await world.json('/audit')).body
    expect(entries[0]).toMatchObject({ target: text, result: 'done' })
  })

  test('a key that others wrote is shown as it is, whatever its bytes', async () => {
    const slot = Buffer.from('7b73686f703a307d3a6b3a6d61726b65743aff00fe3c623e', 'hex')
    await client.set(slot, Buffer.from([0xff, 0x00, 0xfe]))
    const response = await world.ask(`${apiBase}/keys?limit=500`, { token: tokenOf('viewer') })
    expect(response.headers.get('content-type')).toBe('application/json')
    const { keys } = Object(await response.json())
    const found = keys.find(({ kind }: { kind: string }) => kind === 'unknown')
    expect(found.key).toContain('<b>')
    await client.del(slot)
  })

  test('a slot that is damaged or huge is explained, and its value is not shown', async () => {
    const text = world.cache.market.key('huge').text
    const slot = `{shop:0}:k:${text}`
    for (const content of ['V|1|', `V|1|${'x'.repeat(5 * 1024 * 1024)}`, '\u0000\u00ff']) {
      await client.set(slot, content)
      const { status, body } = await world.json(`/entries/${encodeURIComponent(text)}?value=1`)
      expect(status).toBe(200)
      expect(body.value).toBeUndefined()
      expect(JSON.stringify(body).length).toBeLessThan(10_000)
    }
    await client.del(slot)
  })

  test('of a key that is none of ours, however long, its beginning is told', async () => {
    await client.set(`{shop:0}:k:market:${'a'.repeat(1024 * 1024)}`, 'x')
    const { body } = await world.json('/keys?pattern=market:aaaa*')
    expect(body.keys).toHaveLength(1)
    expect(JSON.stringify(body).length).toBeLessThan(10_000)
    const asked = { pattern: 'market:aaaa*', reason: 'test', dryRun: true }
    const plan = await world.json('/invalidate', { method: 'POST', body: asked })
    expect(JSON.stringify(plan.body).length).toBeLessThan(10_000)
    await client.del(`{shop:0}:k:market:${'a'.repeat(1024 * 1024)}`)
  })

  test('what is none of ours under our names in Redis is left out', async () => {
    const facts = { schemaVersion: 1, process: 'x', service: 'y', stats: {}, health: {} }
    await client.set('{shop:0}:o:p:x', JSON.stringify(facts), 'EX', 60)
    await client.zadd('{shop:0}:o:index', Date.now() + 60_000, 'x')
    const report = { schemaVersion: 1, startedMs: 9e15, findings: [null], counts: null }
    await client.set('{shop:0}:o:doctor', JSON.stringify(report), 'EX', 60)
    const sample = { atMs: Date.now(), stepMs: 1, counts: null, families: {}, server: {} }
    await client.xadd('{shop:0}:o:history', '*', 's', JSON.stringify(sample))
    for (const path of ['/overview', '/families', '/services', '/doctor', '/usage', '/series']) {
      expect((await world.json(path)).status, path).toBe(200)
    }
    expect((await world.json('/doctor')).body.report).toBeUndefined()
    await client.del('{shop:0}:o:p:x', '{shop:0}:o:index', '{shop:0}:o:doctor')
    await client.del('{shop:0}:o:history')
  })

  test('a value that is too large to look at is not sent', async () => {
    await world.cache.market.get('large')
    await world.cache.settled()
    const { body } = await world.json('/entries/market%3Alarge?value=1')
    expect([body.value, body.valueWithheld]).toEqual([undefined, 'too large'])
    const { keys } = (await world.json('/keys?pattern=market:large')).body
    expect(keys).toMatchObject([{ isInMemory: true, bytes: expect.any(Number) }])
  })

  test('ids and values of sensitive families are shown nowhere', async () => {
    await world.cache.secret.get('hunter2')
    await world.cache.secret.invalidate('hunter2')
    const part = world.cache.secret.pattern().replace('*', 'hunt*')
    await world.cache.invalidatePattern(part)
    await world.json('/invalidate', { method: 'POST', body: { pattern: part, dryRun: true } })
    await world.cache.secret.get('hunter2')
    await world.cache.settled()
    const key = encodeURIComponent(world.cache.secret.key('hunter2').text)
    const entry = (await world.json(`/entries/${key}?value=1`)).body
    expect([entry.value, entry.valueWithheld]).toEqual([undefined, 'sensitive'])
    for (const path of [
      '/keys?limit=500',
      '/invalidations',
      '/audit',
      '/usage',
      '/families/secret',
    ]) {
      const { status, body } = await world.json(path)
      expect(status).toBe(200)
      expect(JSON.stringify(body), path).not.toContain('hunt')
    }
  })

  test('a request looks at a bounded number of places, and the next one goes on', async () => {
    const other = await openWorld({ redisUrl: redis.url, namespace: 'many' })
    const pipeline = client.pipeline()
    for (let at = 0; at < 30_000; at++) pipeline.set(`noise:${at}`, '')
    await pipeline.exec()
    await other.cache.market.getMany(['a', 'b', 'c'])
    await other.cache.settled()
    await client.config('RESETSTAT')
    const found = new Set<string>()
    let cursor = ''
    let requests = 0
    do {
      const { body } = await other.json(`/keys?pattern=market:*&limit=100${cursor}`)
      for (const { key } of body.keys) found.add(key)
      cursor = body.cursor === undefined ? '' : `&cursor=${body.cursor}`
      requests++
    } while (cursor !== '')
    expect([...found].sort()).toEqual(['market:a', 'market:b', 'market:c'])
    const stats = await client.info('commandstats')
    const scans = Number(/cmdstat_scan:calls=(\d+)/.exec(stats)?.[1])
    expect(requests).toBeGreaterThan(1)
    expect(scans).toBeLessThanOrEqual(requests * stepsOfRequest)
    expect(stats).not.toMatch(/cmdstat_(keys|flush)/)
    const dryRun = { body: { pattern: 'market:*', dryRun: true } }
    const plan = (await other.json('/invalidate', dryRun)).body
    expect(plan).toMatchObject({ count: 3, isEstimate: false })
    await other.close()
  })
})
