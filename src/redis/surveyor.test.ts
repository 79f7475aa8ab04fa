/** With nodes that are sockets of this process: they count who asks, and may answer. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { systemChance as chance, systemClock as clock } from '../system.ts'
import type { ClusterMap } from './cluster-map.ts'
import { resolveRedisTarget } from './redis-options.ts'
import { eventually } from './redis-server.test-support.ts'
import { Surveyor } from './surveyor.ts'

class Node {
  asked = 0
  /** The port of the primary it names; without one it is silent. */
  names: number | undefined
  readonly #sockets = new Set<Socket>()
  readonly #server: Server = createServer((socket) => this.#serve(socket))

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get open(): number {
    return this.#sockets.size
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #serve(socket: Socket): void {
    this.asked += 1
    this.#sockets.add(socket)
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
    socket.on('data', (bytes) => {
      if (this.names === undefined) return
      const commands = String(bytes).split(/(?=\*\d+\r\n)/)
      const range = `*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${this.names}\r\n`
      for (const command of commands) {
        socket.write(/slots/i.test(command) ? `*1\r\n${range}` : '+OK\r\n')
      }
    })
  }
}

const nodes: Node[] = []
let surveyor: Surveyor | undefined
afterEach(() => {
  surveyor?.close()
  for (const node of nodes.splice(0)) node.stop()
})

async function start(count: number): Promise<{ readonly maps: ClusterMap[]; reasons: string[] }> {
  nodes.push(...(await Promise.all(Array.from({ length: count }, () => new Node().start()))))
  const seeds = nodes.map(({ port }) => ({ host: '127.0.0.1', port }))
  const connectTimeoutMs = 100
  const { options, cluster } = resolveRedisTarget({ cluster: seeds }, connectTimeoutMs)
  if (cluster === undefined) throw new Error('expected a cluster')
  const maps: ClusterMap[] = []
  const reasons: string[] = []
  const shared = { options, clock, chance, connectTimeoutMs, isCluster: true }
  surveyor = new Surveyor(
    { ...shared, place: cluster, hashSlots: [7] },
    { read: (map) => maps.push(map), failed: (reason) => reasons.push(reason) },
  )
  return { maps, reasons }
}

const askedOf = (): number[] => nodes.map(({ asked }) => asked)

it('asks three nodes at once, and others the next time, until one answers', async () => {
  const { maps, reasons } = await start(5)
  surveyor?.request()
  await eventually('three are asked', () => askedOf().join() === '1,1,1,0,0')
  await eventually(
    'the others are asked',
    () => (nodes[3]?.asked ?? 0) + (nodes[4]?.asked ?? 0) > 1,
  )
  expect(reasons[0]).toMatch(/can't be read/)
  for (const node of nodes) node.names = 7001
  await eventually('a map is read', () => maps.length > 0)
  expect(maps[0]?.owners).toEqual([{ host: '127.0.0.1', port: 7001 }])
})

it('reads once for all who ask while it reads, and once more for those', async () => {
  const { maps } = await start(1)
  for (const node of nodes) node.names = 7001
  for (let times = 0; times < 50; times++) surveyor?.request()
  await eventually('a map is read', () => maps.length === 1)
  surveyor?.request()
  surveyor?.request()
  await eventually('another is read', () => maps.length === 2)
  expect(askedOf()).toEqual([2])
})

it('leaves no connection behind when it is closed', async () => {
  await start(3)
  surveyor?.request()
  await eventually('three are asked', () => askedOf().join() === '1,1,1')
  surveyor?.close()
  await eventually('all have gone', () => nodes.every(({ open }) => open === 0))
  surveyor?.request()
  expect(askedOf()).toEqual([1, 1, 1])
})
