/** Where a server refuses, checks are skipped with its reason; none says that all is well. */

import { checks } from 'staleproof/doctor'
import { expect, test } from 'vitest'
import { describeWithRedis } from '../servers/redis.ts'
import { admit, examine } from './patient.ts'

/** As managed servers and careful operators take them away. */
const renamed = ['acl', 'client', 'config', 'latency', 'memory', 'object', 'slowlog']
/** What is asked by each of them. */
const facts = [
  'users',
  'dryRuns',
  'clients',
  'config',
  'latencyEvents',
  'histograms',
  'slowLog',
  'sample',
]

describeWithRedis('doctor on a server with renamed commands', () => {
  test('skips what it can not ask and judges the rest', async () => {
    const args = renamed.flatMap((command) => ['--rename-command', command, ''])
    const patient = await admit([...args, '--maxmemory', '200mb'])
    try {
      for (let id = 0; id < 30; id += 1) await patient.client.set(`price:${id}`, 'x', 'EX', 600)

      const { findings } = await examine(patient.redis.url, { skip: [] })

      const needing = checks.filter(({ needs }) => needs.some((need) => facts.includes(need)))
      const unasked = findings.filter(({ id }) => needing.some((check) => check.id === id))
      expect(unasked.length).toBeGreaterThan(12)
      for (const { id, status, reason } of unasked) {
        expect({ id, status }).toEqual({ id, status: 'skipped' })
        expect(reason, id).not.toBe('')
      }
      const judged = findings.filter(({ id }) => ['MEM01', 'MEM02', 'CON01', 'PER01'].includes(id))
      expect(judged.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok'])
      expect(findings.find(({ id }) => id === 'MEM03')?.status).toBe('crit')
    } finally {
      await patient.stop()
    }
  })
})
