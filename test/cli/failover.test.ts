/** The command on a Redis Cluster whose node with partition 0, the one it was given, dies. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestCluster } from '../servers/cluster.ts'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { type Running, startCommand } from './command-line.ts'
import type { ShopCalls, ShopInit } from './shop-worker.ts'

const ids = [1, 2, 3, 4, 5, 6, 7, 8]
const isWhole = '"unasked":[],"families":[{'

describeWithRedis('the command when a replica takes over', () => {
  let cluster: TestCluster
  let api: TestWorker<ShopCalls>
  beforeAll(async () => {
    cluster = await TestCluster.start({ replicas: 1 })
    const addresses = cluster.primaries.map(({ server }) => server.url)
    const init: ShopInit = { redis: { cluster: addresses }, service: 'api' }
    api = await spawnWorker<ShopCalls>(new URL('./shop-worker.ts', import.meta.url), init)
    await api.call('read', ids)
  })
  afterAll(async () => {
    await api?.stop()
    await cluster?.stop()
  })

  it('shows and hears what the new node has', async () => {
    const home = await cluster.ownerOf(await cluster.slotOf('{shop:0}:m'))
    const variables = { REDIS_URL: home.server.url }
    const run = (...words: readonly string[]): Running =>
      startCommand([...words, '--json', '--namespace', 'shop'], { variables })
    const [top, tail] = [run('top', '--interval', '250ms'), run('tail')]
    await Promise.all([tail.said('interrupt to end'), top.printed(isWhole)])

    await home.server.kill()

    await tail.said('messages may be missed')
    const without = await top.printed('"what":"processes"')
    await eventually('top to have found the new node', async () => {
      return (await top.printed('')).slice(without.length).includes(isWhole)
    })
    await tail.said('connected again')
    for (const id of ids) await api.call('invalidate', id, 'a test')
    await eventually('tail to have heard all', async () => {
      const heard = await tail.printed('')
      return ids.every((id) => heard.includes(`"api:product:${id}"`))
    })
    for (const running of [top, tail]) running.signal('SIGINT')
    expect([(await top.ended).code, (await tail.ended).code]).toEqual([130, 130])
  })
})
