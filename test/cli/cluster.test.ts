/** The command on a Redis Cluster, given one of its nodes. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestCluster } from '../servers/cluster.ts'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { type Ended, runCommand, startCommand } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'

const catalogFile = fileURLToPath(new URL('./shop-catalog.ts', import.meta.url))
const ids = [1, 2, 3, 4, 5, 6, 7, 8]

let cluster: TestCluster
let api: TestWorker<ShopCalls>

function run(node: number, ...words: readonly string[]): Promise<Ended> {
  const url = cluster.primaries[node]?.server.url ?? ''
  return runCommand([...words, '--namespace', 'shop'], { variables: { REDIS_URL: url } })
}

describeWithRedis('the command on a cluster', () => {
  beforeAll(async () => {
    cluster = await TestCluster.start()
    const addresses = cluster.primaries.map(({ server }) => server.url)
    const init: ShopInit = { redis: { cluster: addresses }, service: 'api' }
    api = await spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
    await api.call('read', ids)
  })
  afterAll(async () => {
    await api?.stop()
    await cluster?.stop()
  })

  it('finds what processes publish, and every key, whichever node it is given', async () => {
    const runs = await Promise.all([0, 1, 2].map((node) => run(node, 'keys', '--json')))
    for (const { stdout } of runs) expect(JSON.parse(stdout).keys).toHaveLength(ids.length)
    const stats = await Promise.all([0, 1, 2].map((node) => run(node, 'services')))
    for (const { stdout } of stats) expect(stdout).toMatch(/^ +api +api\./m)
  })

  it('shows in top what all nodes together have and do', async () => {
    const runs = [
      run(0, 'top', '--once', '--view', 'commands'),
      run(1, 'top', '--once', '--view', 'clients'),
    ]
    const [commands, clients] = await Promise.all(runs)
    expect(commands?.stdout).toMatch(/^ shop · (redis|valkey) \S+ · 3 nodes · /)
    expect(commands?.stdout).toMatch(/^CLUSTER NODES /m)
    const connections = /^staleproof-command +(\d+) /m.exec(clients?.stdout ?? '')
    expect(Number(connections?.[1])).toBeGreaterThanOrEqual(cluster.primaries.length)
  })

  it('gets and explains a key that lies on another node', async () => {
    for (const id of ids) {
      const { stdout } = await run(0, 'get', `api:product:${id}`)
      expect(JSON.parse(stdout)).toMatchObject({ id })
    }
    const { stdout } = await run(1, 'explain', 'api:product:1')
    expect(stdout).toContain('Redis holds a value')
  })

  it('hears invalidations of all nodes', async () => {
    const url = cluster.primaries[0]?.server.url ?? ''
    const words = ['tail', '--json', '--namespace', 'shop', '--count', String(ids.length)]
    const tail = startCommand(words, { variables: { REDIS_URL: url } })
    await tail.said('interrupt to end')
    for (const id of ids) await api.call('invalidate', id, 'a test')
    const { code, stdout } = await tail.ended
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(code).toBe(0)
    expect(lines.map(({ keys }) => keys[0]).sort()).toEqual(ids.map((id) => `api:product:${id}`))
  })

  it('invalidates on the node that has the key', async () => {
    await api.call('read', [1, 2])
    const words = ['--catalog', catalogFile, '--environment', 'test', '--yes', '--expect-count']
    const { code } = await run(2, 'invalidate', 'api:product:1', ...words, '1')
    expect(code).toBe(0)
    await eventually('it to be dropped', async () => !(await api.call('holds', 1)))
    expect(await api.call('holds', 2)).toBe(true)
  })

  const isHome = [['has partition 0', true] as const, ['was not named', false] as const]
  it.each(isHome)(
    'goes on with top when the node that %s hangs, until it is back',
    async (_, own) => {
      const home = await cluster.ownerOf(await cluster.slotOf('{shop:0}:m'))
      const other = cluster.primaries.find((node) => node !== home)
      const [named, hanging] = own ? [other, home] : [home, other]
      const words = ['top', '--json', '--interval', '250ms']
      const top = startCommand(words, { variables: { REDIS_URL: named?.server.url ?? '' } })
      await top.printed('"unasked":[]')
      hanging?.server.freeze()
      const silent = await top.printed(`"node":"127.0.0.1:${hanging?.server.port}"`)
      hanging?.server.resume()
      const documents = silent.trim().split('\n').length
      await eventually('it to answer again', async () => {
        const text = await top.printed('')
        const later = text.trim().split('\n').slice(documents)
        return later.some((line) => line.includes('"unasked":[],"families":[{'))
      })
      top.signal('SIGINT')
      expect((await top.ended).code).toBe(130)
      expect(silent.includes('"what":"processes"')).toBe(own)
    },
  )

  it('starts top while the node with partition 0 hangs, and has all when it is back', async () => {
    const home = await cluster.ownerOf(await cluster.slotOf('{shop:0}:m'))
    const named = cluster.primaries.find((node) => node !== home)?.server
    home.server.freeze()
    const words = ['top', '--json', '--interval', '250ms']
    const top = startCommand(words, { variables: { REDIS_URL: named?.url ?? '' } })
    const silent = await top.printed('"what":"processes"')
    expect(silent).toContain('"namespace":"shop"')
    home.server.resume()
    await top.printed('"unasked":[],"families":[{')
    await api.call('invalidate', 1, 'a test')
    await top.printed('"invalidationsSeen":1')
    top.signal('SIGINT')
    expect((await top.ended).code).toBe(130)
  })
})
