import { expect, test } from 'vitest'
import { StaleproofError } from '../core/errors.ts'
import type { Answer, CommandLine } from '../inspect/index.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { KeyBook } from './key-book.ts'
import type { WatchNode } from './node-look.ts'
import { figuresOf, redisOf } from './server-figures.ts'
import { interestMs, lookEveryMs, ServerWatch } from './server-watch.ts'

const info = 'redis_version:7.0.15\r\nused_memory:100\r\nevicted_keys:0\r\nconnected_clients:1\r\n'

const wholeScan = ['0', ['{shop:0}:k:market:1', '{other:0}:k:market:1']]

function watchOf(inspection: WatchNode) {
  const clock = new VirtualClock()
  const declared = { template: 'market:{id}', version: 'a', ttlMs: 1_000, maxStaleMs: 0 }
  const flags = { isEncrypted: false, isSensitive: false, hasSource: true, hitTarget: undefined }
  const keys = new KeyBook({ market: { ...declared, codec: 'json', ...flags } })
  return { clock, watch: new ServerWatch({ inspection, clock, keys, namespace: 'shop' }) }
}

/** A server that counts what it is asked. */
function world(scan: (cursor: unknown) => unknown = () => wholeScan) {
  const asked: string[] = []
  const inspection: WatchNode = {
    address: 'redis:6379',
    call: async (command, ...args) => (command === 'scan' ? scan(args[0]) : 0),
    pipeline: async (lines: readonly CommandLine[]): Promise<readonly Answer[]> => {
      return lines.map(([command]) => {
        asked.push(command)
        return { reply: command === 'info' ? info : [] }
      })
    },
    to: () => inspection,
    keepOnly: () => {},
  }
  const looks = () => asked.filter((command) => command === 'info').length
  return { ...watchOf(inspection), looks }
}

const rows = [
  'a 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191',
  'b 10.0.0.2:6379@16379 master - 0 0 2 connected 8192-16383',
  'c 10.0.0.3:6379@16379 slave b 0 0 2 connected',
].join('\n')

interface NodeSaid {
  readonly info: string
  readonly slow: unknown
  /** True: it is lost as soon as it is asked for its keys. */
  readonly isLostAtScan?: boolean
}

/** What each node of a Cluster says, by its host; undefined: it does not answer. */
type Said = Record<string, NodeSaid | undefined>

function nodeOf(said: Said, host = '10.0.0.1'): WatchNode {
  const own = said[host]
  const replies: Readonly<Record<string, unknown>> = {
    info: `redis_version:7.0.15\r\nconnected_clients:2\r\n${own?.info}`,
    slowlog: own?.slow,
    client: `id=1 name=api tot-mem=10\nid=2 name=${host} tot-mem=10`,
    config: ['maxmemory-policy', 'allkeys-lru', 'maxclients', '100'],
  }
  return {
    address: `${host}:6379`,
    call: async (command) => {
      if (command === 'info') return 'cluster_enabled:1'
      if (command === 'cluster') return rows
      if (own?.isLostAtScan) throw new StaleproofError('SP_REDIS_DOWN', 'it hung up')
      return ['0', [`{shop:${host}}:k:market:1`, '{shop:0}:m']]
    },
    pipeline: async (lines) => {
      if (own === undefined) throw new StaleproofError('SP_REDIS_DOWN', 'nothing listens')
      return lines.map(([command]) => ({ reply: replies[command] }))
    },
    to: (address) => nodeOf(said, address.host),
    keepOnly: () => {},
  }
}

/** Somebody asks for so many periods; what is seen then. */
async function watched({ watch, clock }: ReturnType<typeof watchOf>, periods: number) {
  for (let at = 0; at < periods; at++) {
    await watch.latest()
    await clock.advance(lookEveryMs + 1)
  }
  const look = await watch.latest()
  if (look === undefined) throw new Error('expected a look')
  return { look, figures: figuresOf(look), redis: redisOf(look) }
}

function infoOf(used: number, max: number, keys: number): string {
  const commands = 'cmdstat_get:calls=10,usec=20,usec_per_call=2.00\r\n'
  const numbers = `used_memory:${used}\r\nmaxmemory:${max}\r\nevicted_keys:1\r\n`
  return `${numbers}uptime_in_seconds:${used}\r\n${commands}db0:keys=${keys},expires=0`
}

test('looks once for all who ask, and again on its timer alone', async () => {
  const { clock, watch, looks } = world()
  const seen = await Promise.all(Array.from({ length: 100 }, () => watch.latest()))
  expect(seen[99]?.nodes[0]?.info.number('used_memory')).toBe(100)
  for (let at = 0; at < 100; at++) await watch.latest()
  expect(looks()).toBe(1)
  await clock.advance(3 * lookEveryMs + 1)
  expect(looks()).toBe(4)
  watch.stop()
})

test('stops looking when nobody has asked for a minute, and begins anew', async () => {
  const { clock, watch, looks } = world()
  await watch.latest()
  await clock.advance(5 * 60_000)
  const before = looks()
  expect(before).toBeLessThanOrEqual(13)
  await clock.advance(5 * 60_000)
  expect(looks()).toBe(before)
  await watch.latest()
  expect(looks()).toBe(before + 1)
  watch.stop()
})

test('counts keys by family, and those of its own namespace alone', async () => {
  const { watch } = world()
  expect((await watch.latest())?.keys).toEqual({ byFamily: { market: 1 }, isSampled: false })
  watch.stop()
})

test('a server that refuses to list its keys is looked at all the same', async () => {
  const { watch } = world(() => {
    throw new StaleproofError('SP_REDIS_REFUSED', 'NOPERM')
  })
  const look = await watch.latest()
  expect(look).toMatchObject({ keys: undefined, withheld: ['scan'] })
  watch.stop()
})

test('the next count goes on where the last one has stopped', async () => {
  const begun: string[] = []
  const { watch, clock } = world((cursor) => {
    begun.push(String(cursor))
    return [String(Number(cursor) + 1), []]
  })
  await watch.latest()
  const first = begun.length
  await clock.advance(interestMs - 1)
  await watch.latest()
  await clock.advance(lookEveryMs + 1)
  expect(begun[first]).toBe(String(first))
  watch.stop()
})

test('of a Cluster it tells what all primaries have, and what each has', async () => {
  const { watch } = watchOf(
    nodeOf({
      '10.0.0.1': { info: infoOf(100, 1_000, 3), slow: [[7, 50, 900, ['GET']]] },
      '10.0.0.2': { info: infoOf(900, 1_000, 4), slow: [[7, 60, 800, ['GET']]] },
      '10.0.0.3': { info: infoOf(900, 1_000, 4), slow: [] },
    }),
  )
  const look = await watch.latest()
  if (look === undefined) throw new Error('expected a look')
  const { nodes, server, commands, slow, clients, withheld } = redisOf(look)
  expect(server).toEqual(figuresOf(look))
  expect(server).toMatchObject({ usedBytes: 1_000, maxBytes: 2_000, keys: 7, evictedKeys: 2 })
  expect(server).toMatchObject({ usedPercent: 90, clients: 4, clientsMax: 200, uptimeS: 100 })
  expect(server).toMatchObject({ version: '7.0.15', policy: 'allkeys-lru' })
  expect(server).toMatchObject({ keysByFamily: { market: 2 }, isSampled: false })
  expect(nodes.map(({ address, usedBytes }) => [address, usedBytes])).toEqual([
    ['10.0.0.1:6379', 100],
    ['10.0.0.2:6379', 900],
  ])
  expect(commands).toEqual([{ name: 'get', calls: 20, usPerCall: 2 }])
  expect(slow.map(({ node }) => node)).toEqual(['10.0.0.2:6379', '10.0.0.1:6379'])
  expect(clients[0]).toEqual({ name: 'api', count: 2, bytes: 20 })
  expect(withheld).toEqual([])
  watch.stop()
})

test('a node that does not answer is named, and the others are shown', async () => {
  const { watch } = watchOf(nodeOf({ '10.0.0.1': { info: infoOf(100, 0, 3), slow: [] } }))
  const look = await watch.latest()
  const shown = look && redisOf(look)
  expect(shown?.nodes.map(({ address }) => address)).toEqual(['10.0.0.1:6379'])
  expect(shown?.nodesTotal).toBe(2)
  expect(look?.withheld).toEqual(['all of the node 10.0.0.2:6379, which does not answer'])
  watch.stop()
})

test('what some nodes have is never told as what all have', async () => {
  const other = { info: infoOf(900, 1_000, 4), slow: [] }
  const said: Said = { '10.0.0.1': { info: infoOf(100, 1_000, 3), slow: [] } }
  const world = watchOf(nodeOf(said))
  const { figures } = await watched(world, 0)
  expect(figures).toMatchObject({ version: '7.0.15', usedPercent: undefined, keys: undefined })
  expect(figures).toMatchObject({ usedBytes: undefined, clients: undefined, isSampled: false })
  expect(figures).toMatchObject({ evictedKeys: undefined, keysByFamily: undefined })
  said['10.0.0.2'] = other
  const back = await watched(world, 1)
  expect(back.figures).toMatchObject({ usedBytes: 1_000, keys: 7, keysByFamily: { market: 2 } })
  world.watch.stop()
})

test('a node that is lost at the count of keys leaves all else that was seen', async () => {
  const info = infoOf(100, 1_000, 3)
  const lost = { info, slow: [], isLostAtScan: true }
  const said: Said = { '10.0.0.1': { info, slow: [] }, '10.0.0.2': lost }
  const world = watchOf(nodeOf(said))
  const { figures, look } = await watched(world, 0)
  expect(figures).toMatchObject({ keys: 6, keysByFamily: undefined })
  expect(look.withheld).toEqual(['scan'])
  said['10.0.0.2'] = { info, slow: [] }
  const back = await watched(world, 1)
  expect(back.figures.keysByFamily).toEqual({ market: 2 })
  expect(back.look.withheld).toEqual([])
  world.watch.stop()
})

test('a node that was silent for minutes comes back with no evictions of before', async () => {
  const other = { info: 'evicted_keys:5000000', slow: [] }
  const said: Said = { '10.0.0.1': { info: 'evicted_keys:10', slow: [] }, '10.0.0.2': other }
  const world = watchOf(nodeOf(said))
  expect((await watched(world, 36)).figures.evictionsPerHour).toBe(0)
  said['10.0.0.2'] = undefined
  expect((await watched(world, 26)).figures.evictionsPerHour).toBeUndefined()
  said['10.0.0.2'] = other
  expect((await watched(world, 2)).figures.evictionsPerHour).toBe(0)
  world.watch.stop()
})

test('what one node does not tell is not known of all', async () => {
  const { watch } = watchOf(
    nodeOf({
      '10.0.0.1': { info: infoOf(100, 0, 3), slow: [] },
      '10.0.0.2': { info: infoOf(900, 1_000, 4), slow: [] },
    }),
  )
  const look = await watch.latest()
  expect(look && figuresOf(look)).toMatchObject({ maxBytes: undefined, usedPercent: undefined })
  watch.stop()
})
