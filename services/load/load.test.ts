/** The load generator on the whole system, as `npm run load` drives it, only slower and shorter. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { postgresServerUrl } from '../../test/servers/postgres.ts'
import { typescriptArguments } from '../../test/servers/processes.ts'
import { describeWithRedis } from '../../test/servers/redis.ts'
import { freePortBase } from '../launcher/ports.ts'
import { soundness } from './bars.ts'
import { readMix } from './mix.ts'
import { answeredIn, endpointIn, type LoadReport } from './report.ts'
import { LoadRun } from './run.ts'
import { type System, startSystem } from './system.ts'

const testTimeoutMs = 120_000
const mix = { ...readMix(), users: 40, warmUpSeconds: 2 }
const phase = { requestsPerSecond: 40, seconds: 10 }

let system: System | undefined
let folder: string | undefined

afterEach(async () => {
  await system?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

async function shortRun(): Promise<LoadReport> {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-load-'))
  chmodSync(folder, 0o755)
  system = await startSystem({
    isCached: true,
    stage: {
      portBase: await freePortBase(),
      dataFolder: folder,
      databaseUrl: await postgresServerUrl(),
      databaseName: 'short_load',
      nodeArguments: typescriptArguments,
    },
  })
  const run = await LoadRun.open({ system, mix, seed: 7 })
  return run.phase(phase).finally(() => run.close())
}

describeWithRedis('a short run', () => {
  it(
    'finds nothing stale and nothing failed, and its counts add up',
    async () => {
      const report = await shortRun()
      const { generator, trades, caches, findings, cost } = report
      expect(soundness(report).filter(({ isMet }) => !isMet)).toEqual([])
      expect(findings.judged).toBeGreaterThan(phase.requestsPerSecond * phase.seconds * 0.3)
      expect(answeredIn(report) + generator.dropped + trades.skipped).toBe(generator.due)
      expect(endpointIn(report, 'trade')?.count).toBe(trades.accepted + trades.refused)
      expect(trades.accepted).toBeGreaterThan(mix.tradesPerSecond)
      expect(report.priceUpdates).toBeGreaterThan(mix.priceUpdatesPerSecond)
      const profiles = endpointIn(report, 'profile')?.count
      expect((caches?.user?.hits ?? 0) + (caches?.user?.misses ?? 0)).toBe(profiles)
      expect(cost.queries).toBeGreaterThan(trades.accepted * 3)
      expect(cost.readQueries).toBeLessThan((cost.queries ?? 0) - trades.accepted * 3)
      expect(cost.redisCommands).toBeGreaterThan(0)
    },
    testTimeoutMs,
  )
})
