/** How far back a failover may lose what was acknowledged, and what is asked of a server. */
import { afterEach, describe, expect, vi } from 'vitest'
import { LOST_TAIL_MS } from './handshake.ts'
import { eventually, TestRedis, testWithRedis as test } from './redis-server.test-support.ts'
import { TestRemote } from './remote.test-support.ts'

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 })

const PORT = 24_070
const replicated = ['--repl-diskless-sync-delay', '0']
const primary = new TestRedis(PORT, ...replicated)
const bounded = new TestRedis(PORT, '--min-replicas-to-write', '1', '--min-replicas-max-lag', '7')
const replica = new TestRedis(24_071, '--replicaof', '127.0.0.1', String(PORT), ...replicated)

afterEach(async () => {
  await TestRemote.closeAll()
  await Promise.all([primary.stop(), bounded.stop(), replica.stop()])
})

async function startBoth(first: TestRedis): Promise<void> {
  await Promise.all([first.start(), replica.start()])
  await eventually('the replica is known', async () =>
    String(await first.ask('INFO', 'replication')).includes('connected_slaves:1'),
  )
}

/** With all rights but one. */
async function restricted(server: TestRedis, without: string): Promise<string> {
  await server.ask('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', without)
  return `redis://app:secret@127.0.0.1:${server.port}`
}

describe('what a failover may lose', () => {
  test('is nothing where nobody can take over', async () => {
    await primary.start()
    const { told } = await TestRemote.open({ redis: primary.url })
    expect(told.ups[0]?.lostTailMs).toBeUndefined()
  })

  test('has no bound but ours where the server needs no replica to write', async () => {
    await startBoth(primary)
    const { told } = await TestRemote.open({ redis: primary.url })
    expect(told.ups[0]?.lostTailMs).toBe(LOST_TAIL_MS)
  })

  test('is bounded by the lag that the server allows its replicas', async () => {
    await startBoth(bounded)
    const { told } = await TestRemote.open({ redis: bounded.url })
    expect(told.ups[0]?.lostTailMs).toBe(7000)
  })

  test('has no bound but ours where the settings of the server are not shown', async () => {
    await startBoth(bounded)
    const redis = await restricted(bounded, '-config')
    const { told } = await TestRemote.open({ redis })
    expect(told.ups[0]?.lostTailMs).toBe(LOST_TAIL_MS)
  })

  test('is remembered when the replica has gone: it may be promoted', async () => {
    await startBoth(primary)
    const { told, commander } = await TestRemote.open({ redis: primary.url })
    await replica.stop()
    await eventually('the replica is gone', async () =>
      String(await primary.ask('INFO', 'replication')).includes('connected_slaves:0'),
    )
    commander.reconnect('because')
    await eventually('up', () => told.ups.length === 2)
    expect(told.ups[1]?.lostTailMs).toBe(LOST_TAIL_MS)
  })
})

describe('a server that says nothing of itself', () => {
  test('is never used, and every fault says why', async () => {
    await primary.start()
    const redis = await restricted(primary, '-info')
    const { told, commander } = await TestRemote.open({ redis, connectTimeoutMs: 300 })
    expect(told.lines).toEqual([])
    await expect(commander.send('PING', [])).rejects.toThrow(/NOPERM.*info/)
  })

  test('is left when it stops to, though it goes on answering', async () => {
    await primary.start()
    const redis = await restricted(primary, '+info')
    const { told, commander } = await TestRemote.open({ redis })
    await restricted(primary, '-info')
    commander.reconnect('the beat has no proof')
    await eventually('it is refused', async () => {
      const fault = await commander.send('PING', []).catch((error: unknown) => String(error))
      return String(fault).includes('NOPERM')
    })
    expect(told.ups).toHaveLength(1)
  })
})
