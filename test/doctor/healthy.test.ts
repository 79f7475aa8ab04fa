/** A server as we recommend it has nothing above info. */
import { expect, test } from 'vitest'
import { describeWithRedis, nativeRedis } from '../servers/redis.ts'
import { admit, examine, ofTheMachine, toldBy } from './patient.ts'

const configured = [
  '--maxmemory',
  '256mb',
  '--maxmemory-policy',
  'allkeys-lru',
  // A busy machine has pauses of its own.
  '--latency-monitor-threshold',
  '1000',
  '--notify-keyspace-events',
  'Ex',
]

/** What the doctor rightly says of an old version; of a package nobody sees if it is mended. */
const isPackaged = /^\/(usr\/)?s?bin\//.test(nativeRedis() ?? '')
const ofItsVersion = isPackaged ? 'SEC02 info' : 'SEC02 warn'

describeWithRedis('doctor on a healthy server', () => {
  test('finds nothing above info', async () => {
    const patient = await admit(configured)
    try {
      const { client } = patient
      for (let id = 0; id < 200; id += 1) {
        await client.set(`price:${id}`, 'x'.repeat(300), 'EX', 600 + id * 13)
      }
      await client.call(
        'ACL',
        'SETUSER',
        'api',
        'on',
        '>secret',
        '~*',
        '&*',
        '+@all',
        '-@dangerous',
      )
      await client.call('ACL', 'SETUSER', 'doctor', 'on', '>secret', '~*', '+@all')
      for (const command of ['keys', 'flushall', 'flushdb']) {
        await client.call('ACL', 'SETUSER', 'doctor', `-${command}`)
      }
      await client.call('ACL', 'SETUSER', 'default', 'off')
      client.disconnect()

      const url = patient.redis.url.replace('redis://', 'redis://doctor:secret@')
      const report = await examine(url, { skip: ofTheMachine.filter((id) => id !== 'SEC02') })

      expect(toldBy(report).filter((told) => told !== ofItsVersion)).toEqual([])
      expect(report.counts.ok).toBeGreaterThan(30)
      expect(report.keysSampled).toBe(200)
    } finally {
      await patient.stop()
    }
  })
})
