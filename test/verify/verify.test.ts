/** `staleproof verify` on servers that are there: real processes, real faults, a verdict. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { type Ended, runCommand, startCommand } from './command.ts'

const runMsMax = 180_000

describeWithRedis('staleproof verify', () => {
  let server: TestRedis
  let redis: Redis
  let kept: string

  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis(server.url)
    kept = mkdtempSync(join(tmpdir(), 'staleproof-kept-'))
  })
  afterAll(async () => {
    redis.disconnect()
    rmSync(kept, { recursive: true })
    await server.stop()
  })

  it.concurrent(
    'finds a healthy server coherent after every fault that is safe on it',
    async () => {
      await redis.set('somebody else', 'stays')
      const args = ['--redis', server.url, '--ops', '4000', '--history', kept, '--json']
      const ended = await runCommand('verify', ...args)
      const result = resultOf(ended)
      expect(result).toMatchObject({
        schemaVersion: 1,
        verdict: 'coherent',
        missing: [],
        failures: [],
        history: { violationCount: 0, violations: [] },
        faults: { skipped: [] },
        recorded: kept,
      })
      expect(ended.code).toBe(0)
      expect(result.operations).toBeGreaterThanOrEqual(4_000)
      expect(result.faults.ran.length).toBeGreaterThanOrEqual(20)
      expect(result.invalidationLag.count).toBeGreaterThan(0)
      expect(ended.leftFiles).toEqual([])
      expect(await redis.keys('*')).toEqual(['somebody else'])
      expect(readdirSync(kept)).toContain('database.jsonl')
    },
    runMsMax,
  )

  it.concurrent(
    'lists the faults that it had no time for, and is incomplete with exit code 4',
    async () => {
      const args = ['--redis', server.url, '--ops', '200', '--seconds', '2', '--processes', '2']
      const ended = await runCommand('verify', ...args, '--json')
      const { verdict, missing, faults } = resultOf(ended)
      expect(ended.code).toBe(4)
      expect(verdict).toBe('incomplete')
      expect(missing.join()).toContain('faults that were not tried: ')
      expect(faults.skipped[0]).toMatchObject({ reason: 'the time was over' })
    },
    runMsMax,
  )

  it.concurrent(
    'leaves no process, server, file or key behind when it is interrupted',
    async () => {
      const running = startCommand('verify', '--self', '--seconds', '60')
      await running.said('faults')
      await eventually('4 workers and 3 servers run', () => childrenOf(running.pid).length >= 7)
      const children = childrenOf(running.pid)
      running.signal('SIGINT')
      const ended = await running.ended
      expect(ended.code, ended.stderr).toBe(130)
      expect(ended.stdout).toContain('it was interrupted')
      expect(ended.leftFiles).toEqual([])
      expect(children.filter(isRunning)).toEqual([])
    },
    runMsMax,
  )
})

interface Result {
  readonly verdict: string
  readonly missing: readonly string[]
  readonly operations: number
  readonly invalidationLag: { readonly count: number }
  readonly faults: {
    readonly ran: readonly object[]
    readonly skipped: readonly object[]
  }
}

function resultOf({ stdout, stderr }: Ended): Result {
  try {
    // What the command promises; the test that reads it would fail otherwise.
    return JSON.parse(stdout) as Result
  } catch (cause) {
    throw new Error(`expected one JSON document, got:\n${stdout}\n${stderr}`, { cause })
  }
}

function childrenOf(parent: number): readonly number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = list.split('\n').map((line) => line.trim().split(/ +/).map(Number))
  return pairs.flatMap(([pid = 0, parentPid]) => (parentPid === parent ? [pid] : []))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
