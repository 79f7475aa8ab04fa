import { afterEach, expect } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { allowedCommands, openInspection } from '../inspect/index.ts'
import { describeWithRedis, testWithRedis as test } from '../redis/redis-server.test-support.ts'
import { checks } from './checks/index.ts'
import { contextOf } from './gather/context.test-support.ts'
import { gatherFacts } from './gather/gather.ts'
import { runDoctor } from './run-doctor.ts'
import { fill, found, sentTo, Ward } from './ward.test-support.ts'

/** What ioredis says of itself when it connects. */
const connecting = ['client|setname', 'select', 'auth', 'hello']

/** Takes the server about 20 ms. */
const spinning = `
local from = redis.call('TIME')
repeat
  local now = redis.call('TIME')
until (now[1] - from[1]) * 1000000 + now[2] - from[2] > 20000
`

const ward = new Ward()

afterEach(() => ward.close())

describeWithRedis('an examination', () => {
  test('sends nothing that is not on the list, by the count of the server', async () => {
    const client = await ward.start('--maxmemory-policy', 'allkeys-lfu')
    await fill(client, 300)
    await client.sadd('set', ...Array.from({ length: 5_000 }, (_, at) => `member ${at} of a set`))
    await client.config('RESETSTAT')

    const report = await ward.examine({ values: true })

    const known = new Set([...allowedCommands, ...connecting, 'config|resetstat'])
    expect((await sentTo(client)).filter((name) => !known.has(name))).toEqual([])
    expect(Object.keys(report.commands).filter((name) => !known.has(name))).toEqual([])
    expect(report.commands).toMatchObject({ type: 301, pttl: 301, 'memory|usage': 301, scard: 1 })
    expect(report).toMatchObject({ keysSampled: 301, keysTotal: 301, stoppedEarly: undefined })
  })

  test('leaves the counters of eviction of the sampled keys as they were', async () => {
    // Otherwise they fall at the turn of a minute, whoever looks.
    const still = ['--lfu-decay-time', '0']
    const client = await ward.start('--maxmemory-policy', 'allkeys-lfu', ...still)
    await fill(client, 100)
    const before = await Promise.all(keysOf(100).map((key) => client.object('FREQ', key)))

    const report = await ward.examine()

    expect(report.keysSampled).toBe(100)
    expect(await Promise.all(keysOf(100).map((key) => client.object('FREQ', key)))).toEqual(before)
  })

  test('measures before it looks at keys: its own reads are not in what it judges', async () => {
    const client = await ward.start()
    await fill(client, 200)
    const inspection = await openInspection(ward.url, {
      name: 'test',
      allowed: allowedCommands,
    })

    const facts = await gatherFacts(contextOf(inspection), {
      registry: undefined,
      code: undefined,
      isSampleNeeded: true,
    })
    await inspection.close()

    expect(facts.need('sample').keys).toHaveLength(200)
    expect(facts.need('info').delta('keyspace_hits')).toBe(0)
    expect(facts.need('info').calls().get('type') ?? 0).toBe(0)
  })

  test('asks for no more keys than it may, and says how sure it is', async () => {
    const client = await ward.start()
    await fill(client, 1_000)
    for (let id = 0; id < 1_000; id += 2) await client.persist(`user:${id}`)

    const report = await ward.examine({ keysMax: 250, only: ['KEY01'] })

    const [finding] = found(report, 'KEY01')
    expect(report.keysSampled).toBe(250)
    expect(finding).toMatchObject({ status: 'crit', evidence: { values: { withoutTtl: 500 } } })
    const { low = 0, high = 0, of } = finding?.evidence.sample ?? {}
    expect(of).toBe(1_000)
    expect(high - low).toBeGreaterThan(0.05)
    expect(high - low).toBeLessThan(0.2)
  })

  test('walks all keys with deep', async () => {
    const client = await ward.start()
    await fill(client, 250)

    const report = await ward.examine({ keysMax: 100, budget: '1ms', deep: true, only: ['KEY07'] })

    expect(report.keysSampled).toBe(250)
  })

  test('tells what it has found so far when it is interrupted', async () => {
    const client = await ward.start()
    await fill(client, 600)
    const ended = new AbortController()
    const onProgress = (line: () => string): void => {
      if (line().startsWith('sampling')) ended.abort()
    }

    const report = await ward.examine({ signal: ended.signal, onProgress })

    expect(report.stoppedEarly).toBe('interrupted')
    expect(report.keysSampled).toBeGreaterThan(0)
    expect(report.keysSampled).toBeLessThan(600)
  })

  test('stops looking at keys where the server has come under load, and says so', async () => {
    const client = await ward.start()
    await fill(client, 3_000)
    const busy = ward.connect()
    let isUnderLoad = false
    const burden = async (): Promise<void> => {
      while (isUnderLoad) await busy.eval(spinning, 0).catch(() => {})
    }
    const onProgress = (line: () => string): void => {
      if (isUnderLoad || !line().startsWith('sampling')) return
      isUnderLoad = true
      void burden()
    }

    const report = await ward.examine({ only: ['KEY07'], onProgress })
    isUnderLoad = false

    expect(report.stoppedEarly).toMatch('under load')
    expect(report.keysSampled).toBeLessThan(3_000)
    expect(found(report, 'KEY07')).toHaveLength(1)
  })

  test('skips, and never passes, what a server refuses', async () => {
    const renamed = ['CONFIG', 'CLIENT', 'OBJECT', 'SLOWLOG', 'LATENCY', 'ACL'].flatMap((name) => [
      '--rename-command',
      name,
      `hidden-${name}`,
    ])
    await ward.start(...renamed)

    const report = await ward.examine()

    const refused = new Set(['config', 'clients', 'slowLog', 'latencyEvents', 'users', 'dryRuns'])
    const concerned = checks.filter(({ needs }) => needs.some((need) => refused.has(need)))
    expect(concerned.length).toBeGreaterThan(4)
    for (const { id } of concerned) {
      const statuses = found(report, id).map(({ status }) => status)
      expect(new Set(statuses), id).toEqual(new Set(['skipped']))
    }
  })

  test('does not count among the errors of others what it was refused itself', async () => {
    const client = await ward.start()
    await client.call('ACL', 'SETUSER', 'poor', 'on', '>secret', '%R~*', '+ping', '+info')

    const report = await runDoctor({
      redis: `redis://poor:secret@127.0.0.1:${ward.port}`,
      window: '200ms',
    })

    expect(await client.info('errorstats')).toMatch('errorstat_NOPERM')
    expect(found(report, 'CMD10')).toMatchObject([{ status: 'ok' }])
    expect(found(report, 'KEY07')).toMatchObject([
      { status: 'skipped', reason: expect.stringMatching(/lacks the right \+\w+/) },
    ])
  })

  test('compares keys with a catalog, whoever wrote them', async () => {
    const client = await ward.start()
    await client.set('{app:0}:k:user:7', 'v', 'EX', 200)
    await client.set('user:8', 'v', 'EX', 9_999)
    await client.set('user:9', 'v')
    await client.set('page:1', 'v', 'EX', 200)
    const catalog = defineCatalog('app', {
      user: family('user:{userId:int}', { value: shape<object>(), ttl: '5m' }),
    })

    const report = await ward.examine({ catalog, only: ['KEY01', 'KEY02', 'KEY06'] })

    expect(found(report, 'KEY01')).toMatchObject([{ status: 'crit', subject: 'user' }])
    expect(found(report, 'KEY02')).toMatchObject([{ status: 'crit', subject: 'user' }])
    expect(found(report, 'KEY06')[0]?.evidence.values).toMatchObject({ patterns: 'page:{int} 1' })
  })

  test('looks at the beginnings of values only where it may, and shows none', async () => {
    const client = await ward.start()
    const secret = `{"name":"${'secret '.repeat(400)}"}`
    for (let id = 0; id < 5; id++) await client.set(`page:${id}`, secret, 'EX', 300)

    const without = await ward.examine({ only: ['MEM10'] })
    const report = await ward.examine({ only: ['MEM10'], values: true })

    expect(found(without, 'MEM10')).toMatchObject([{ status: 'skipped' }])
    expect(without.commands).not.toHaveProperty('getrange')
    expect(found(report, 'MEM10')).toMatchObject([{ status: 'warn', subject: 'page:{int}' }])
    expect(JSON.stringify(report)).not.toMatch('secret')
  })

  test('refuses what it can not use before it asks Redis', async () => {
    for (const wrong of [
      { only: ['MEM99'] },
      { skip: ['mem'] },
      { keysMax: 0 },
      { keysMax: 1.5 },
    ]) {
      await expect(runDoctor({ redis: 'redis://127.0.0.1:1', ...wrong })).rejects.toMatchObject({
        code: 'SP_OPTION_INVALID',
      })
    }
  })

  test('keeps the beginning of a name of a megabyte, and how long it was', async () => {
    const client = await ward.start()
    await client.set(`x@y${'a'.repeat(2 ** 20)}`, 'v', 'EX', 300)

    const report = await ward.examine({ only: ['KEY'] })

    expect(found(report, 'KEY07')[0]?.evidence.values).toMatchObject({ longestBytes: 2 ** 20 + 3 })
    expect(JSON.stringify(report).length).toBeLessThan(50_000)
  })

  test('takes a history that nobody keeps any more for none', async () => {
    const client = await ward.start('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru')
    const nowMs = Date.now()
    const plant = async (endMs: number): Promise<void> => {
      await client.del('{app:0}:o:history')
      for (const [atMs, evicted] of [[endMs - 3_700_000, 0] as const, [endMs, 5_000] as const]) {
        const server = { evicted_keys: evicted }
        const sample = { atMs, stepMs: 60_000, counts: {}, families: {}, server }
        await client.xadd('{app:0}:o:history', '*', 's', JSON.stringify(sample))
      }
    }

    await plant(nowMs - 200_000)
    const late = await ward.examine({ only: ['MEM04'], namespace: 'app' })
    await plant(nowMs)
    const kept = await ward.examine({ only: ['MEM04'], namespace: 'app' })

    expect(found(late, 'MEM04')).toMatchObject([{ status: 'ok' }])
    expect(found(kept, 'MEM04')).toMatchObject([{ status: 'crit' }])
  })
})

function keysOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, id) => `user:${id}`)
}
