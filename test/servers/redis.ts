/**
 * Native Redis servers for tests: each with a port and a temporary folder of its own, nothing
 * kept on disk unless asked for, and the faults that a server can have.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { freePort } from '../../services/launcher/ports.ts'
import { RedisProcess } from '../../services/launcher/redis-process.ts'
import { nativeProgram } from '../../services/launcher/redis-server.ts'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { howToGetRedis, nativeRedis } from './native-redis.ts'
import { runFolder } from './run-folder.ts'

export interface TestRedisOptions {
  /** A free one by default. */
  readonly port?: number
  /** Further arguments, as `['--appendonly', 'yes']`; the last one of a name counts. */
  readonly args?: readonly string[]
}

export interface TestRedis {
  readonly url: string
  readonly port: number
  /** `undefined` while it is not running. */
  readonly pid: number | undefined
  /** SIGSTOP: connections stay open and nothing is answered. */
  freeze(): void
  /** SIGCONT. */
  resume(): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** On the same port, killed first if it runs; empty unless it keeps data on disk. */
  restart(): Promise<void>
  /** Ends it in order and removes its folder. */
  stop(): Promise<void>
}

export { nativeRedis }

/** `describe` where there is a native server; elsewhere its tests are reported as skipped. */
export const describeWithRedis: ReturnType<typeof describe.skipIf> = visiblySkipped()

/** Starts a server and resolves once it answers. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const command = nativeRedis()
  if (command === undefined) throw new Error(`this test ${howToGetRedis}`)
  const record = new RunRecord(runFolder)
  const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}redis-`))
  record.addFolder(folder)
  try {
    const program = nativeProgram(command, { args: options.args })
    const port = options.port ?? (await freePort())
    const redis = await RedisProcess.start({ program, port, folder, record, onLine: () => {} })
    return testRedis(redis, record)
  } catch (error) {
    record.close()
    throw error
  }
}

function testRedis(redis: RedisProcess, record: RunRecord): TestRedis {
  return {
    url: redis.url,
    port: redis.port,
    get pid() {
      return redis.pid
    },
    freeze: () => redis.freeze(),
    resume: () => redis.resume(),
    kill: () => redis.kill(),
    restart: () => redis.restart(),
    stop: async () => {
      await redis.stop()
      record.close()
    },
  }
}

function visiblySkipped(): ReturnType<typeof describe.skipIf> {
  const isMissing = nativeRedis() === undefined
  if (isMissing) console.warn(`skipped: ${howToGetRedis}`)
  return describe.skipIf(isMissing)
}
