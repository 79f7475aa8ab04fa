import type { Redis } from 'ioredis'
import { afterEach, expect } from 'vitest'
import {
  describeWithRedis,
  eventually,
  freePort,
  testWithRedis as test,
} from '../../redis/redis-server.test-support.ts'
import { fill, found, sentTo, Ward } from '../ward.test-support.ts'

const ward = new Ward()

afterEach(() => ward.close())

describeWithRedis('an examination of several servers', () => {
  test('samples a replica rather than its primary', async () => {
    const primary = await ward.start('--repl-diskless-sync-delay', '0')
    await fill(primary, 50)
    const replica = await ward.start('--replicaof', '127.0.0.1', String(ward.port))
    await eventually('it is online', async () =>
      (await primary.info('replication')).includes('state=online'),
    )
    await eventually('it has the keys', async () => (await replica.dbsize()) === 50)

    const report = await ward.examine()
    const here = await sentTo(primary)
    await ward.examine({ preferReplica: false })

    expect(report.keysSampled).toBe(50)
    expect(here).not.toContain('memory|usage')
    expect(await sentTo(replica)).toContain('memory|usage')
    expect(await sentTo(primary)).toContain('memory|usage')
  })

  test('samples every node of a cluster in proportion to what it holds', async () => {
    const [first, second] = await cluster()
    const names = Array.from({ length: 300 }, (_, id) => `user:${id}`)
    for (const name of names) {
      await first.set(name, 'v', 'EX', 500).catch(() => second.set(name, 'v', 'EX', 500))
    }

    const part = await ward.examine({ keysMax: 100, only: ['KEY13'] })
    const whole = await ward.examine({ only: ['KEY13'] })

    expect(part.keysTotal).toBe(300)
    expect(part.keysSampled).toBeGreaterThanOrEqual(98)
    expect(part.keysSampled).toBeLessThanOrEqual(102)
    expect(part.commands.randomkey).toBeGreaterThan(98)
    expect(whole).toMatchObject({ keysSampled: 300, keysTotal: 300 })
    expect(whole.commands).not.toHaveProperty('randomkey')
    expect(found(whole, 'KEY13')).toMatchObject([{ status: 'ok' }])
  })
})

/** Two primaries that share the slots. */
async function cluster(): Promise<readonly [Redis, Redis]> {
  const [firstBus, secondBus] = [String(await freePort()), String(await freePort())]
  const first = await ward.start('--cluster-enabled', 'yes', '--cluster-port', firstBus)
  const second = await ward.start('--cluster-enabled', 'yes', '--cluster-port', secondBus)
  await first.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
  await second.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
  await first.call('CLUSTER', 'MEET', '127.0.0.1', String(ward.portOf(1)), secondBus)
  for (const node of [first, second]) {
    await eventually('the cluster is whole', async () =>
      String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    )
  }
  await eventually('both know each other', async () =>
    String(await first.call('CLUSTER', 'NODES')).includes('8192-16383'),
  )
  return [first, second]
}
