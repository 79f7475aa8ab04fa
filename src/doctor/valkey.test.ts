import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startValkey } from '../redis/valkey.test-support.ts'
import { runDoctor } from './run-doctor.ts'

const PORT = 23_031

test('a Valkey is examined too, with what only Valkey can tell', async () => {
  const stop = await startValkey(PORT)
  const client = new Redis(PORT, '127.0.0.1', { protocol: 2 })
  client.on('error', () => {})
  try {
    await client.set('user:7', 'v', 'EX', 100)

    const report = await runDoctor({ redis: `redis://127.0.0.1:${PORT}`, window: '100ms' })

    expect(report.server).toMatchObject({ kind: 'valkey', version: expect.stringMatching(/^9\./) })
    expect(report).toMatchObject({ keysSampled: 1, keysTotal: 1 })
    expect(report.commands).toMatchObject({ 'commandlog|get': 2, 'client|no-touch': 1 })
    const large = report.findings.find(({ id }) => id === 'CMD09')
    expect(large).toMatchObject({ status: 'ok' })
  } finally {
    client.disconnect()
    await stop()
  }
})
