/** The scripts that start Redis in containers, run with native servers, and caches on them. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cache, defineCatalog, family, openCache, shape } from 'staleproof'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OwnedProcess } from '../../services/launcher/owned-process.ts'
import { freePort } from '../../services/launcher/ports.ts'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { openRedis, type RedisTarget, redisAddress } from '../../services/process/redis-target.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { runFolder } from '../servers/run-folder.ts'
import { checkout } from '../tidy/source-files.ts'

const catalog = defineCatalog('scripts', {
  item: family('item:{id:int}', { value: shape<number>(), ttl: '1m' }),
})
type Items = Cache<(typeof catalog)['families']>

const password = 'of-servers-and-sentinels'
const readyMsMax = 30_000

let record: RunRecord
let folder: string
let processes: OwnedProcess[]
let closing: (() => unknown)[]

beforeEach(() => {
  record = new RunRecord(runFolder)
  folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}scripts-`))
  record.addFolder(folder)
  processes = []
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  await Promise.all(processes.map((process) => process.stop(2_000)))
  record.close()
})

/** One server by the script, in its role; resolves when it answers. */
async function start(role: string, variables: Readonly<Record<string, string>> = {}) {
  const port = await freePort()
  const own = join(folder, `${role}-${port}`)
  mkdirSync(own)
  chmodSync(own, 0o700)
  const process = await OwnedProcess.start({
    name: role,
    command: 'sh',
    args: [join(checkout, 'deploy', 'redis.sh'), role],
    environment: {
      PATH: String(globalThis.process.env.PATH),
      REDIS_PASSWORD: password,
      ANNOUNCED_HOST: '127.0.0.1',
      SHARED_CONFIG: join(checkout, 'deploy', 'redis.conf'),
      FOLDER: own,
      PORT: String(port),
      ...variables,
    },
    record,
    onLine: () => {},
  })
  processes.push(process)
  const client = openRedis(`redis://:${password}@127.0.0.1:${port}`, { maxRetriesPerRequest: null })
  client.on('error', () => {})
  closing.push(() => client.disconnect())
  await client.ping()
  return { port, process, client }
}

async function open(target: RedisTarget, load: () => number): Promise<Items> {
  const sources = { item: async () => load() }
  const cache = await openCache(catalog, { service: 'test', redis: target, sources, log: false })
  closing.push(() => cache.close())
  return cache
}

describeWithRedis('Redis as it is started in containers', () => {
  test('is followed by caches through the Sentinels when its primary is lost', async () => {
    const primary = await start('primary')
    const followed = { PRIMARY_HOST: '127.0.0.1', PRIMARY_PORT: String(primary.port) }
    const replica = await start('replica', followed)
    await eventually('the replica follows', async () =>
      (await replica.client.info('replication')).includes('master_link_status:up'),
    )
    const watching = { ...followed, QUORUM: '1', DOWN_AFTER_MS: '300' }
    const sentinel = await start('sentinel', watching)
    await eventually('the Sentinel knows the replica', async () =>
      String(await sentinel.client.call('SENTINEL', 'REPLICAS', 'main')).includes('link-status,ok'),
    )
    const target = redisAddress.parse(
      `redis+sentinel://:${password}@127.0.0.1:${sentinel.port}/main`,
    )
    let version = 1
    const [one, two] = [await open(target, () => version), await open(target, () => version)]
    expect(await one.item.get(1)).toBe(1)
    await one.settled()
    expect(await two.item.lookup(1)).toMatchObject({ value: 1, from: 'redis' })
    primary.process.send('SIGKILL')
    version = 2
    await eventually(
      'the new primary is told',
      async () => (await one.item.invalidate(1).catch(() => undefined)) !== undefined,
      readyMsMax,
    )
    expect(await two.item.get(1, { consistency: 'strict' })).toBe(2)
    expect(await replica.client.info('replication')).toContain('role:master')
  })

  test('is one Cluster of three nodes, which may be made again', async () => {
    const nodes = [await start('node'), await start('node'), await start('node')]
    const places = nodes.map(({ port }) => `127.0.0.1:${port}`)
    const make = () =>
      spawnSync('sh', [join(checkout, 'deploy', 'redis-cluster.sh'), ...places], {
        env: { ...process.env, REDISCLI_AUTH: password },
        encoding: 'utf8',
      })
    expect(make()).toMatchObject({ status: 0 })
    await eventually('every node knows the Cluster', async () => {
      const infos = await Promise.all(nodes.map(({ client }) => client.call('CLUSTER', 'INFO')))
      return infos.every((info) => String(info).includes('cluster_state:ok'))
    })
    expect(make()).toMatchObject({ status: 0, stdout: '' })
    const target = redisAddress.parse(`redis+cluster://:${password}@${places.join(',')}`)
    const [one, two] = [await open(target, () => 7), await open(target, () => 8)]
    expect(await one.item.getMany([1, 2, 3, 4])).toEqual([7, 7, 7, 7])
    await one.settled()
    expect(await two.item.getMany([1, 2, 3, 4])).toEqual([7, 7, 7, 7])
    const heard = new Promise((resolve) => {
      const listener = openRedis(target, { maxRetriesPerRequest: null })
      closing.push(() => listener.disconnect())
      listener.on('message', (_channel, text) => resolve(text))
      void listener.subscribe('bell').then(() => {
        const bell = openRedis(target, { maxRetriesPerRequest: null })
        closing.push(() => bell.disconnect())
        return bell.publish('bell', 'rings')
      })
    })
    expect(await heard).toBe('rings')
  })
})
