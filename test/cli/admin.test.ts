/** The command through the admin API of a service, and the page that it serves itself. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { type Ended, runCommand, startCommand } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'

const token = 'a-token-that-is-long-enough-for-a-test'
const catalogFile = fileURLToPath(new URL('./shop-catalog.ts', import.meta.url))

let redis: TestRedis
let api: TestWorker<ShopCalls>
let address: string

function run(...words: readonly string[]): Promise<Ended> {
  const variables = { STALEPROOF_URL: address, STALEPROOF_TOKEN: token }
  return runCommand(words, { variables })
}

describeWithRedis('the command and the admin API', () => {
  beforeAll(async () => {
    redis = await startRedis()
    const init: ShopInit = { redis: redis.url, service: 'api', token }
    api = await spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
    address = await api.call('address')
    await api.call('read', [1, 2, 1])
  })
  afterAll(async () => {
    await api?.stop()
    await redis?.stop()
  })

  it('shows the same counts as through Redis', async () => {
    const words = ['stats', '--json']
    const through = async (url: string) => {
      const server = url === '' ? { REDIS_URL: redis.url } : { STALEPROOF_URL: url }
      const variables = { ...server, STALEPROOF_TOKEN: token }
      return JSON.parse((await runCommand(words, { variables })).stdout)
    }
    await eventually('its reads to be published', async () => (await through('')).reads === 3)
    const { families } = await through('')
    expect((await through(address)).families).toEqual(families)
  })

  it('lists keys and gets values', async () => {
    const { stdout } = await run('keys', 'api:product:*', '--json')
    expect(JSON.parse(stdout).keys).toHaveLength(2)
    const family = await run('keys', '--family', 'product', '--json')
    expect(JSON.parse(family.stdout)).toMatchObject({ keys: [{}, {}], isComplete: true })
    const unknown = await run('keys', '--family', 'prodcut')
    expect(unknown.stderr).toMatch(/expected product, received prodcut/)
    expect(JSON.parse((await run('get', 'api:product:1')).stdout)).toEqual({
      id: 1,
      name: 'Product 1',
    })
  })

  it('explains what only the process knows', async () => {
    const { code, stdout } = await run('explain', 'api:product:1')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Its memory holds it, .* and serves it/)
    expect(stdout).toMatch(/The next read is answered by memory/)
    expect(stdout).toMatch(/trusted +for/)
  })

  it('plans, and does what was confirmed', async () => {
    const planned = await run('invalidate', 'api:product:1', '--dry-run')
    expect(planned.stdout).toMatch(/1 keys?/)
    const words = ['invalidate', 'api:product:1', '--yes', '--expect-count', '1', '--json']
    const { code, stdout } = await run(...words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'test', done: { pending: 0 } })
    await eventually('it to be dropped', async () => !(await api.call('holds', 1)))
  })

  it('clears', async () => {
    const { plan } = JSON.parse((await run('clear', '--dry-run', '--json')).stdout)
    const { code } = await run('clear', '--yes', '--expect-count', String(plan.count))
    expect(code).toBe(0)
    await eventually('memory to be empty', async () => !(await api.call('holds', 2)))
  })

  it('says that a token is missing, with exit code 5', async () => {
    const { code, stderr } = await runCommand(['stats', '--url', address])
    expect(code).toBe(5)
    expect(stderr).toMatch(/SP_ADMIN_REFUSED.*STALEPROOF_TOKEN/)
  })

  it('serves the page to whoever has the address, once, and lets nothing be changed', async () => {
    const served = startCommand(['dashboard', '--catalog', catalogFile], {
      variables: { REDIS_URL: redis.url },
    })
    const [url = ''] = (await served.printed('\n')).split('\n')
    const first = await fetch(url, { redirect: 'manual' })
    const [cookie = ''] = first.headers.getSetCookie()
    const { origin } = new URL(url)
    const headers = { cookie: cookie.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
    const me = await (await fetch(`${origin}/api/v1/cache/me`, { headers })).json()
    const overview = await (await fetch(`${origin}/api/v1/cache/overview`, { headers })).json()
    const stranger = await fetch(`${origin}/api/v1/cache/me`)
    const change = await fetch(`${origin}/api/v1/cache/clear`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"scope":"all","dryRun":true}',
    })
    const second = await fetch(url, { redirect: 'manual' })
    served.signal('SIGINT')
    expect((await served.ended).code).toBe(130)
    expect(first.status).toBe(303)
    expect(me).toMatchObject({ isReadOnly: true, namespace: 'shop' })
    expect(overview).toMatchObject({ processes: 1, services: 1 })
    expect(stranger.status).toBe(401)
    expect(change.status).toBe(405)
    expect(second.headers.getSetCookie()).toEqual([])
  })
})
