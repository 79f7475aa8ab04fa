import { expect, test } from 'vitest'
import type { Inspection } from '../../inspect/index.ts'
import type { Server } from '../connection/server.ts'
import { countOn, slotsOn } from './slot-listing.ts'

/** A Cluster of two, each with one key; the second has these flags. */
function clusterOf(flags: string): Server {
  const map = [
    'a 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191',
    `b 10.0.0.2:6379@16379 ${flags} - 0 0 2 connected 8192-16383`,
  ].join('\n')
  const nodeOf = (host: string): unknown => ({
    async call(command: string) {
      if (command === 'scan') return ['0', [`{shop:0}:k:market:${host}`]]
      if (command === 'dbsize') return 1
      return command === 'info' ? 'cluster_enabled:1' : map
    },
    pipelineBytes: async () => [{ reply: 'x' }, { reply: 1_000 }, { reply: 1 }],
    to: (address: { readonly host: string }) => nodeOf(address.host),
    keepOnly: () => {},
  })
  return { inspection: nodeOf('10.0.0.1') as Inspection, namespace: 'shop' } as Server
}

const options = { pattern: '*', limit: 10, sampleMax: 10 }

test('a list and a count of a whole Cluster are complete', async () => {
  const server = clusterOf('master')
  expect(await slotsOn(server, options)).toMatchObject({ slots: [{}, {}], isComplete: true })
  expect(await countOn(server, options)).toMatchObject({ count: 2, isEstimate: false })
})

test('where a part of the Cluster fails they do not say so', async () => {
  const server = clusterOf('master,fail')
  expect(await slotsOn(server, options)).toMatchObject({ slots: [{}], isComplete: false })
  expect(await countOn(server, options)).toMatchObject({ count: 1, isEstimate: true })
})
