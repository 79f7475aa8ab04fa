import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Inspection } from '../../inspect/index.ts'
import { Nodes } from '../connection/nodes.ts'
import { Bus, type BusParts } from './bus.ts'

const listener = { message: () => {}, lost: () => {}, back: () => {}, foreign: () => {} }
const sockets = new Set<Socket>()
const server = createServer((socket) => {
  sockets.add(socket)
  socket.on('error', () => {})
})
let address = ''

beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** A server that answers questions, and to those who listen takes connections and says nothing. */
function parts(): BusParts {
  const call = async () => 'cluster_enabled:0'
  // What is asked of it here; the rest of a connection has tests of its own.
  const inspection = { address, call } as unknown as Inspection
  const flags = { redis: `redis://${address}` }
  return { flags, namespace: 'shop', nodes: new Nodes(inspection) }
}

test('of a server that never answers nobody waits for its messages for ever', async () => {
  const bus = await Bus.begin(parts(), listener)
  const reason = 'not answered within 5000 ms'
  expect(bus.silences).toEqual([{ what: 'invalidations', node: address, reason }])
  bus.close()
}, 15_000)

test('who must hear all is told that he can not', async () => {
  server.close()
  for (const socket of sockets) socket.destroy()
  const opened = Bus.open(parts(), listener)
  await expect(opened).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
  await expect(opened).rejects.toThrow(`at ${address}; expected a Redis that answers, received`)
})
