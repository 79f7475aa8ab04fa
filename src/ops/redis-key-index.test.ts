import { expect, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import type { Answer } from '../inspect/index.ts'
import { type KeyNode, pagesAtOnceMax, RedisKeyIndex } from './redis-key-index.ts'

const nodes = [
  'a 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191',
  'b 10.0.0.2:6379@16379 master - 0 0 2 connected 8192-16383',
  'c 10.0.0.3:6379@16379 slave b 0 0 2 connected',
].join('\n')

/** Three nodes, each with as many keys as said. */
function clusterOf(keyCounts: Readonly<Record<string, number>>, host = '10.0.0.1'): KeyNode {
  const slots = Array.from({ length: keyCounts[host] ?? 0 }, (_, at) => {
    return Buffer.from(`{shop:0}:k:market:${host}-${at}`)
  })
  return {
    call: async (command) => (command === 'info' ? 'redis_mode:cluster\r\n' : nodes),
    callBytes: async () => ['0', slots],
    pipeline: async (): Promise<readonly Answer[]> => [],
    to: (address) => clusterOf(keyCounts, address.host),
  }
}

test('counts keys on all primaries of a Cluster, and on no replica', async () => {
  const cluster = clusterOf({ '10.0.0.1': 3, '10.0.0.2': 4_000, '10.0.0.3': 4_000 })
  const counted = await new RedisKeyIndex(cluster, 'shop').count('market:*')
  expect(counted).toMatchObject({ count: 4_003, isEstimate: false })
})

test('makes a bounded number of lists at a time, and the next when those are made', async () => {
  const step = new Deferred<unknown>()
  const slow = { ...clusterOf({}), callBytes: () => step.promise }
  const index = new RedisKeyIndex(slow, 'shop')
  const request = { pattern: 'market:*', cursor: undefined, limit: 100 }
  const pages = Array.from({ length: pagesAtOnceMax }, () => index.page(request))
  await expect(index.page(request)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  step.resolve(['0', []])
  await Promise.all(pages)
  await expect(index.page(request)).resolves.toMatchObject({ keys: [] })
})
