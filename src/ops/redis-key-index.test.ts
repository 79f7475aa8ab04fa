import { expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Answer, CommandLine } from '../inspect/index.ts'
import { type KeyNode, pagesAtOnceMax, RedisKeyIndex } from './redis-key-index.ts'

const rows = [
  'b 10.0.0.2:6379@16379 master - 0 0 2 connected 8192-12000',
  'a 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191',
  'c 10.0.0.3:6379@16379 slave b 0 0 2 connected',
  'd 10.0.0.4:6379@16379 master - 0 0 4 connected 12001-16383',
]

interface FakeCluster {
  /** By host. */
  readonly keys: Readonly<Record<string, number>>
  readonly nodes?: readonly string[]
  /** `host command cursor` of each step. */
  readonly steps?: string[]
  /** Hosts that do not answer. */
  readonly down?: readonly string[]
}

/** Nodes with as many keys as said, which SCAN lists as it does: so many places a step. */
function clusterOf(cluster: FakeCluster, host = '10.0.0.1'): KeyNode {
  const { keys, nodes = rows, steps = [], down = [] } = cluster
  const total = keys[host] ?? 0
  return {
    address: `${host}:6379`,
    call: async (command) => {
      return command === 'info' ? `cluster_enabled:${nodes.length > 0 ? 1 : 0}` : nodes.join('\n')
    },
    callBytes: async (_scan, cursor, ...rest) => {
      if (down.includes(host)) throw new StaleproofError('SP_REDIS_DOWN', 'nothing listens')
      const [from, places] = [Number(cursor), Number(rest.at(-1))]
      steps.push(`${host} ${cursor}`)
      const ids = Array.from({ length: Math.min(places, total - from) }, (_, at) => from + at)
      const next = from + places >= total ? '0' : String(from + places)
      return [next, ids.map((id) => Buffer.from(`{shop:0}:k:market:${host}-${id}`))]
    },
    pipeline: async (lines): Promise<readonly Answer[]> =>
      lines.map((line) => described(line, host)),
    to: (address) => clusterOf(cluster, address.host),
    keepOnly: () => {},
  }
}

/** A node knows its own keys alone. */
function described([command, slot]: CommandLine, host: string): Answer {
  const isOwn = String(slot).includes(`:${host}-`)
  if (command === 'pttl') return { reply: isOwn ? 1_000 : -2 }
  return { reply: command === 'strlen' ? 7 : 'V' }
}

async function allPages(index: RedisKeyIndex, limit: number) {
  const keys: string[] = []
  const cursors: (string | undefined)[] = []
  const withheld: string[] = []
  let isComplete: boolean
  do {
    const page = await index.page({ pattern: 'market:*', cursor: cursors.at(-1), limit })
    keys.push(...page.keys.map(({ text }) => text))
    cursors.push(page.cursor)
    withheld.push(...page.withheld)
    isComplete = page.isComplete
  } while (cursors.at(-1) !== undefined)
  return { keys, cursors, withheld, isComplete }
}

test('counts keys on all primaries of a Cluster, and on no replica', async () => {
  const cluster = clusterOf({ keys: { '10.0.0.1': 3, '10.0.0.2': 4_000, '10.0.0.3': 4_000 } })
  const counted = await new RedisKeyIndex(cluster, 'shop').count('market:*')
  expect(counted).toMatchObject({ count: 4_003, isEstimate: false })
})

test('lists the keys of all primaries of a Cluster, each described by its own node', async () => {
  const keys = { '10.0.0.1': 700, '10.0.0.2': 40, '10.0.0.3': 700, '10.0.0.4': 600 }
  const listed = await allPages(new RedisKeyIndex(clusterOf({ keys }), 'shop'), 500)
  expect(new Set(listed.keys).size).toBe(700 + 40 + 600)
  expect(listed.cursors).toEqual(['a:500', 'd:500', undefined])
  expect(listed).toMatchObject({ withheld: [], isComplete: true })
})

test('a list goes on through the slots of a node that fails over meanwhile', async () => {
  const request = { pattern: 'market:*', cursor: undefined, limit: 500 }
  const before = new RedisKeyIndex(clusterOf({ keys: { '10.0.0.1': 500 } }), 'shop')
  const { cursor } = await before.page(request)
  expect(cursor).toBe('b:0')
  const nodes = rows.map((row) => row.replace('d 10.0.0.4', '0 10.0.0.5'))
  const keys = { '10.0.0.1': 500, '10.0.0.2': 40, '10.0.0.5': 60 }
  const after = new RedisKeyIndex(clusterOf({ keys, nodes }), 'shop')
  const rest = await after.page({ ...request, cursor })
  expect(rest.keys).toHaveLength(40 + 60)
  expect(rest.isComplete).toBe(true)
})

const silentSecond = 'keys of the node 10.0.0.2:6379, which does not answer'
const halfDown = {
  keys: { '10.0.0.1': 700, '10.0.0.2': 40, '10.0.0.4': 1_200 },
  down: ['10.0.0.2'],
}

test('lists what other nodes have than one that does not answer, to no whole', async () => {
  const listed = await allPages(new RedisKeyIndex(clusterOf(halfDown), 'shop'), 500)
  expect(listed.keys).toHaveLength(700 + 1_200)
  expect(listed.cursors).toEqual(['a:500', 'd:500:partial', 'd:1000:partial', undefined])
  expect(listed).toMatchObject({ withheld: [silentSecond], isComplete: false })
})

test('a cursor at a node that does not answer leads to the next', async () => {
  const index = new RedisKeyIndex(clusterOf(halfDown), 'shop')
  const page = await index.page({ pattern: 'market:*', cursor: 'b:500', limit: 500 })
  expect(page.keys).toHaveLength(500)
  expect(page).toMatchObject({ cursor: 'd:500:partial', withheld: [silentSecond] })
})

test('names a node that is lost before it has described its keys', async () => {
  const cluster = clusterOf({ keys: { '10.0.0.1': 3, '10.0.0.2': 4 } })
  const lost = async () => {
    throw new StaleproofError('SP_REDIS_DOWN', 'it hung up')
  }
  const to: KeyNode['to'] = (address) => {
    const node = cluster.to(address)
    return address.host === '10.0.0.2' ? { ...node, pipeline: lost } : node
  }
  const listed = await allPages(new RedisKeyIndex({ ...cluster, to }, 'shop'), 500)
  expect(listed.keys).toHaveLength(3)
  expect(listed).toMatchObject({ withheld: [silentSecond], isComplete: false })
})

test('a count without a node that does not answer is an estimate, and names it', async () => {
  const counted = await new RedisKeyIndex(clusterOf(halfDown), 'shop').count('market:*')
  expect(counted).toMatchObject({ count: 1_900, isEstimate: true, withheld: [silentSecond] })
})

test('a single server that does not answer has no list and no count', async () => {
  const server = clusterOf({ keys: {}, nodes: [], down: ['10.0.0.1'] })
  const index = new RedisKeyIndex(server, 'shop')
  const page = index.page({ pattern: 'market:*', cursor: undefined, limit: 500 })
  await expect(page).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
  await expect(index.count('market:*')).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
})

test('looks at no more places for a page of a Cluster than for one of a server', async () => {
  const keys = { '10.0.0.1': 6_000, '10.0.0.2': 6_000, '10.0.0.4': 6_000 }
  const [steps, alone]: [string[], string[]] = [[], []]
  const request = { pattern: 'none:*', cursor: undefined, limit: 500 }
  // Nothing is found, so that only the budget ends it.
  const bare = (node: KeyNode): KeyNode => ({
    ...node,
    callBytes: async (...line) => {
      const [next] = [await node.callBytes(...line)].flat()
      return [next, []]
    },
    to: (address) => bare(node.to(address)),
  })
  const many = await new RedisKeyIndex(bare(clusterOf({ keys, steps })), 'shop').page(request)
  const single = clusterOf({ keys: { '10.0.0.1': 18_000 }, nodes: [], steps: alone })
  const one = await new RedisKeyIndex(bare(single), 'shop').page(request)
  expect(steps).toHaveLength(alone.length)
  expect([many.scanned, many.cursor]).toEqual([one.scanned, 'b:4000'])
  expect(one.cursor).toBe('10000')
})

test.each([
  ['of a node that is none', rows, 'e:500'],
  ['of a replica', rows, 'c:500'],
  ['of a single server', rows, '500'],
  ['of a Cluster', [], 'a:500'],
  ['with an address in it', rows, '10.0.0.9:6379:0'],
])('refuses a cursor %s', async (_what, nodes, cursor) => {
  const steps: string[] = []
  const index = new RedisKeyIndex(clusterOf({ keys: {}, nodes, steps }), 'shop')
  const page = index.page({ pattern: 'market:*', cursor, limit: 100 })
  await expect(page).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  expect(steps).toEqual([])
})

test('makes a bounded number of lists at a time, and the next when those are made', async () => {
  const step = new Deferred<unknown>()
  const slow = { ...clusterOf({ keys: {} }), callBytes: () => step.promise }
  const node = { ...slow, to: () => slow }
  const index = new RedisKeyIndex(node, 'shop')
  const request = { pattern: 'market:*', cursor: undefined, limit: 100 }
  const pages = Array.from({ length: pagesAtOnceMax }, () => index.page(request))
  await expect(index.page(request)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  step.resolve(['0', []])
  await Promise.all(pages)
  await expect(index.page(request)).resolves.toMatchObject({ keys: [] })
})
