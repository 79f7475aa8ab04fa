import { expect, test } from 'vitest'
import { clusterPrimaries, type Reachable } from './cluster.ts'
import type { NodeAddress } from './target.ts'

const map = [
  'z 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-4999',
  'b 10.0.0.2:6379@16379,two.example,shard-id=s master - 0 0 2 connected 5000-8999 12000',
  'c 10.0.0.3:6379@16379 slave b 0 0 2 connected',
  'a 10.0.0.4:6379@16379 master - 0 0 4 connected 9000-11999 12001-16383',
  'e 10.0.0.5:6379@16379 master - 0 0 5 connected',
].join('\n')

interface Named extends Reachable<Named> {
  readonly host: string
}

function nodeOf(kept: string[], host = '10.0.0.1'): Named {
  return {
    host,
    call: async (command) => (command === 'info' ? 'cluster_enabled:1' : map),
    to: (address: NodeAddress) => nodeOf(kept, address.host),
    keepOnly: (addresses) => {
      kept.splice(0, kept.length, ...addresses.map(({ host: name, port }) => `${name}:${port}`))
    },
  }
}

test('nodes that have keys come by their first slots, which a failover keeps', async () => {
  const primaries = await clusterPrimaries(nodeOf([]))
  expect(primaries?.map(({ id, node }) => [id, node.host])).toEqual([
    ['z', '10.0.0.1'],
    ['b', '10.0.0.2'],
    ['a', '10.0.0.4'],
  ])
})

test('connections are kept to nodes of the map, by each name, and to no others', async () => {
  const kept: string[] = []
  await clusterPrimaries(nodeOf(kept))
  const hosts = ['10.0.0.1', '10.0.0.2', 'two.example', '10.0.0.3', '10.0.0.4', '10.0.0.5']
  expect(kept).toEqual(hosts.map((host) => `${host}:6379`))
})
