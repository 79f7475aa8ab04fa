import { afterEach, expect } from 'vitest'
import { createInspection } from '../../inspect/index.ts'
import {
  describeWithRedis,
  eventually,
  freePort,
  startOnFreePort,
  type TestRedis,
  testWithRedis as test,
} from '../../redis/redis-server.test-support.ts'
import { reporterCommands } from '../ops-names.ts'
import { OpsRoute } from '../ops-route.ts'
import { readServer, type ServerReading } from './server-reading.ts'

const servers: TestRedis[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function started(...args: readonly string[]): Promise<TestRedis> {
  const server = await startOnFreePort(...args)
  servers.push(server)
  return server
}

/** As the history asks, by whatever name a server has in its configuration. */
async function readBy({ port }: TestRedis): Promise<ServerReading> {
  const inspection = createInspection(`redis://localhost:${port}`, {
    name: 'history',
    allowed: reporterCommands,
  })
  const route = new OpsRoute(inspection)
  try {
    return await readServer(route)
  } finally {
    await route.close()
  }
}

/** Two primaries that share the slots. */
async function startCluster(): Promise<readonly [TestRedis, TestRedis]> {
  const [firstBus, secondBus] = [String(await freePort()), String(await freePort())]
  const first = await started('--cluster-enabled', 'yes', '--cluster-port', firstBus)
  const second = await started('--cluster-enabled', 'yes', '--cluster-port', secondBus)
  await first.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
  await second.ask('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
  await first.ask('CLUSTER', 'MEET', '127.0.0.1', String(second.port), secondBus)
  for (const one of [first, second]) {
    await eventually('it knows who has which slots', async () => {
      const map = String(await one.ask('CLUSTER', 'NODES'))
      return map.includes(' 0-8191') && map.includes(' 8192-16383')
    })
  }
  return [first, second]
}

describeWithRedis('what the server says for a sample', () => {
  test('is that of one, where there is one', async () => {
    const { info, cluster, failure } = await readBy(await started())
    expect(info?.number('used_memory')).toBeGreaterThan(0)
    expect([cluster, failure]).toEqual([undefined, undefined])
  })

  test('is that of each node of a Cluster, named as the Cluster names it', async () => {
    const nodes = await startCluster()
    for (const asked of nodes) {
      const { cluster, failure } = await readBy(asked)
      const ports = cluster?.nodes.map(({ address }) => address)
      expect(ports).toEqual(nodes.map(({ port }) => `127.0.0.1:${port}`))
      for (const { info } of cluster?.nodes ?? []) {
        expect(info?.number('used_memory')).toBeGreaterThan(0)
      }
      expect([cluster?.omitted, failure]).toEqual([0, undefined])
    }
  })
})
