/** A Redis of the run's own: a native server from the PATH, nothing kept, gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'

export interface BenchRedis {
  readonly url: string
  readonly version: string
  /** Started for this run; nobody else uses it. */
  readonly isOwn: boolean
  stop(): Promise<void>
}

export const howToGetRedis =
  'No Redis: scenarios that need one are left out. Install redis-server or valkey-server ' +
  '("sudo apt-get install redis-server", "brew install redis"), or set REDIS_URL.'

const names = ['redis-server', 'valkey-server']
const connectMsMax = 10_000

/** The server of REDIS_URL, else one started from the PATH; undefined when there is none. */
export async function findRedis(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BenchRedis | undefined> {
  const url = environment.REDIS_URL
  if (url !== undefined && url !== '') {
    return { url, version: await versionOf(url), isOwn: false, stop: async () => {} }
  }
  const program = programIn(environment.PATH ?? '')
  return program === undefined ? undefined : startRedis(program)
}

function programIn(path: string): string | undefined {
  const places = names.flatMap((name) => path.split(delimiter).map((place) => join(place, name)))
  return places.find((place) => existsSync(place))
}

async function startRedis(program: string): Promise<BenchRedis> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-bench-'))
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const server = spawn(program, [...place, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
  const failed = once(server, 'error').then(([error]) => Promise.reject(error))
  // Also when the run itself is ended by a fault or a signal.
  const end = () => {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = () => process.exit(130)
  process.once('exit', end).once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const url = `redis://127.0.0.1:${port}`
  const stop = async () => {
    process.off('exit', end).off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await ended(server)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { url, version: await Promise.race([versionOf(url), failed]), isOwn: true, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return
  const exit = once(server, 'exit')
  server.kill('SIGKILL')
  await exit
}

/** Waits until it answers. */
async function versionOf(url: string): Promise<string> {
  const redis = new Redis(url, {
    connectTimeout: connectMsMax,
    maxRetriesPerRequest: null,
    retryStrategy: (attempts) => (attempts * 50 < connectMsMax ? 50 : null),
  })
  redis.on('error', () => {})
  try {
    const info = await redis.info('server')
    const [, name = 'redis', version = '?'] = /(redis|valkey)_version:(\S+)/.exec(info) ?? []
    return `${name} ${version}`
  } catch (cause) {
    throw new Error(`the Redis server did not answer within ${connectMsMax} ms`, { cause })
  } finally {
    redis.disconnect()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  return address.port
}
