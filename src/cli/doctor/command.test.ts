import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import {
  describeWithRedis,
  startOnFreePort,
  type TestRedis,
  testWithRedis as test,
} from '../../redis/redis-server.test-support.ts'
import type { Flags } from '../command.ts'
import { codeOfError, type ExitCode, exitCodes } from '../exit-codes.ts'
import { Terminal } from '../terminal.ts'
import { doctor } from './command.ts'

interface Ended {
  readonly code: ExitCode
  readonly stdout: string
}

let redis: TestRedis | undefined
const folder = mkdtempSync(join(tmpdir(), 'staleproof-doctor-'))

afterAll(() => rmSync(folder, { recursive: true }))

/** As `main.ts` calls it. */
async function run(flags: Flags, onSignal: (end: () => void) => void = () => {}): Promise<Ended> {
  let stdout = ''
  const write = (text: string): void => {
    stdout += text
  }
  const terminal = new Terminal({ stdout: { write }, stderr: { write: () => {} } })
  const given = { redis: redis?.url, window: 50, budget: 5_000, failOn: 'crit' }
  const all = { ...given, format: 'pretty', ...flags }
  const call = { args: [], flags: all, commands: [], terminal, onSignal }
  try {
    return { code: await doctor(call), stdout }
  } catch (error) {
    return { code: codeOfError(error), stdout: String(error) }
  }
}

describeWithRedis('staleproof doctor', () => {
  beforeAll(async () => {
    redis = await startOnFreePort()
  })
  afterAll(() => redis?.stop())
  afterEach(() => redis?.ask('flushall'))

  test('ends with 1 where something is critical, unless that does not count', async () => {
    const found = await run({ only: ['MEM'] })
    expect(found.code).toBe(exitCodes.found)
    expect(found.stdout).toMatch('CRIT MEM01 There is no limit of memory')
    expect(await run({ only: ['MEM'], failOn: 'none' })).toMatchObject({ code: exitCodes.fine })
    expect(await run({ only: ['MEM09'] })).toMatchObject({ code: exitCodes.fine })
  })

  test('shows what is fine only where it is asked to', async () => {
    expect((await run({ only: ['MEM09'] })).stdout).not.toMatch('MEM09')
    expect((await run({ only: ['MEM09'], all: true })).stdout).toMatch(' ok  MEM09')
  })

  test('does not count what is suppressed, or in a baseline', async () => {
    const suppress = ['MEM01:sized by the host:2999-01-01']
    expect(await run({ only: ['MEM01'], suppress })).toMatchObject({ code: exitCodes.fine })
    const past = ['MEM01:sized by the host:2020-01-01']
    expect(await run({ only: ['MEM01'], suppress: past })).toMatchObject({ code: exitCodes.found })

    const baseline = join(folder, 'baseline.json')
    writeFileSync(baseline, (await run({ only: ['MEM01'], format: 'json' })).stdout)
    expect(await run({ only: ['MEM01'], baseline })).toMatchObject({ code: exitCodes.fine })
  })

  test('refuses a wrong suppression, baseline, check or folder before it asks Redis', async () => {
    for (const flags of [
      { suppress: ['MEM01'] },
      { baseline: join(folder, 'none.json') },
      { only: ['MEM99'] },
      { explain: 'MEM99' },
    ]) {
      const { code, stdout } = await run({ ...flags, redis: 'redis://127.0.0.1:1' })
      expect(code, stdout).toBe(exitCodes.usage)
    }
  })

  test('ends with 3 where there is no server', async () => {
    const { code, stdout } = await run({ redis: 'redis://127.0.0.1:1' })
    expect(code).toBe(exitCodes.noConnection)
    expect(stdout).toMatch('nothing listens there')
  })

  test('ends with 4 where a check could not be run, if that counts', async () => {
    await redis?.ask('ACL', 'SETUSER', 'poor', 'on', '>secret', '+ping', '+info')
    const flags = { redis: `redis://poor:secret@127.0.0.1:${redis?.port}`, only: ['SEC01'] }
    expect(await run(flags)).toMatchObject({ code: exitCodes.fine })
    expect(await run({ ...flags, strict: true })).toMatchObject({ code: exitCodes.incomplete })
  })

  test('misses nothing that does not apply, or was not asked for', async () => {
    const { code, stdout } = await run({ failOn: 'none', strict: true, all: true })
    expect(stdout).toMatch(/MEM10[\s\S]*--values/)
    expect(code, stdout).toBe(exitCodes.fine)
  })

  test('tells what it found, and ends with 130, where it is interrupted', async () => {
    const { code, stdout } = await run({ only: ['MEM'], window: 60_000 }, (end) => {
      setImmediate(end)
    })
    expect(code).toBe(exitCodes.interrupted)
    expect(stdout).toMatch('MEM01')
  })

  test('shows no ids where they are to be redacted', async () => {
    await redis?.ask('set', 'report:4711', 'x'.repeat(2_000_000), 'EX', '100')
    const flags = { only: ['KEY04'], failOn: 'warn' }
    expect((await run(flags)).stdout).toMatch('report:4711')
    const { code, stdout } = await run({ ...flags, redact: true })
    expect(code).toBe(exitCodes.found)
    expect(stdout).toMatch(/very large: report:\*\n/)
  })

  test('needs no other right than those that it prints', async () => {
    const rights = await run({ printAcl: true, namespace: 'app' })
    for (const line of rights.stdout.trim().split('\n')) {
      const [, , user = '', ...rules] = line.replace('>PASSWORD', '>secret').split(' ')
      // A right to a command that this server does not know is a line of its own.
      await redis?.ask('ACL', 'SETUSER', user, ...rules).catch(() => {})
    }
    await redis?.ask('set', 'user:1', 'v', 'EX', '100')
    const { stdout } = await run({
      redis: `redis://staleproof-doctor:secret@127.0.0.1:${redis?.port}`,
      values: true,
      format: 'json',
    })
    expect(stdout).toMatch('"keysSampled": 1')
    expect(stdout).not.toMatch(/lacks the right|may not read/)
  })

  test('reads sources beside the server', async () => {
    writeFileSync(
      join(folder, 'a.ts'),
      "import { Redis } from 'ioredis'\nawait new Redis().keys('*')\n",
    )
    const { stdout } = await run({ only: ['CMD03'], code: folder })
    expect(stdout).toMatch(/CMD03 .*\n[\s\S]*a\.ts:2/)
  })
})

test('explains a check, and prints the rights of its user, without a server', async () => {
  const explained = await run({ redis: undefined, explain: 'mem03' })
  expect(explained.code).toBe(exitCodes.fine)
  expect(explained.stdout).toMatch(/MEM03[\s\S]*crit[\s\S]*What to do/)
  const rights = await run({ redis: undefined, printAcl: true, namespace: 'app' })
  expect(rights.stdout).toMatch(/ACL SETUSER .*-@all .*\+memory\|usage/)
})
