import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { freePort } from '../redis/redis-server.test-support.ts'
import { startValkey } from '../redis/valkey.test-support.ts'
import { runDoctor } from './run-doctor.ts'

test('a Valkey is examined too, with what only Valkey can tell', async () => {
  const port = await freePort()
  const stop = await startValkey(port)
  const client = new Redis(port, '127.0.0.1', { protocol: 2 })
  client.on('error', () => {})
  try {
    await client.set('user:7', 'v', 'EX', 100)

    const report = await runDoctor({
      redis: `redis://127.0.0.1:${port}`,
      window: '100ms',
      hotKeys: true,
    })

    expect(report.server).toMatchObject({ kind: 'valkey', version: expect.stringMatching(/^9\./) })
    expect(report).toMatchObject({ keysSampled: 1, keysTotal: 1 })
    expect(report.commands).toMatchObject({ 'commandlog|get': 2, 'client|no-touch': 1 })
    // It is no Redis 8.6 and no cluster, and is not asked as if it were.
    expect(Object.keys(report.commands).join()).not.toMatch(/hotkeys|slot-stats/)
    const large = report.findings.find(({ id }) => id === 'CMD09')
    expect(large).toMatchObject({ status: 'ok' })
  } finally {
    client.disconnect()
    await stop()
  }
})
