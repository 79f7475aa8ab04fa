/** A server of our own: on this machine alone, in a temporary folder, ended with the command. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'
import { StaleproofError } from '../../core/errors.ts'
import { environment } from '../../system.ts'
import { until } from './pause.ts'

const startMsMax = 10_000
const commandMsMax = 10_000
const programs = ['redis-server', 'valkey-server']
const alwaysArguments = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']

/** The path of a program; undefined if it is nowhere on the PATH. */
export function programOnPath(...names: readonly string[]): string | undefined {
  const folders = (environment('PATH') ?? '').split(delimiter)
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Throws `SP_REDIS_DOWN` where there is none. */
export function serverProgram(): string {
  const program = programOnPath(...programs)
  if (program !== undefined) return program
  const expected = 'redis-server or valkey-server on the PATH'
  throw new StaleproofError('SP_REDIS_DOWN', 'no server to start', { expected })
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

export interface OwnServerOptions {
  readonly program: string
  readonly folder: string
  readonly port: number
  /** A Sentinel is told what to do by a file, which comes before all other arguments. */
  readonly arguments: readonly string[]
}

export class OwnServer {
  readonly port: number
  readonly folder: string
  readonly #options: OwnServerOptions
  #child: ChildProcess | undefined
  #redis: Redis | undefined
  /** A fault that is still at work must not start it again. */
  #isOver = false

  constructor(options: OwnServerOptions) {
    this.#options = options
    this.port = options.port
    this.folder = options.folder
    mkdirSync(options.folder, { recursive: true })
  }

  /** Resolves once it answers. */
  async start(more: readonly string[] = []): Promise<void> {
    if (this.#isOver) throw new Error('the servers have been stopped')
    const { program, port, folder } = this.#options
    const isSentinel = this.#options.arguments.includes('--sentinel')
    const own = isSentinel ? [] : [...alwaysArguments, '--dir', folder]
    const all = [...this.#options.arguments, '--port', String(port), ...own, ...more]
    this.#child = spawn(program, all, { cwd: folder, stdio: 'ignore' })
    endWithUs(this.#child)
    // A command that can't be run is seen as one that never answers.
    this.#child.once('error', () => {})
    if (await until(() => this.#answers(), startMsMax)) return
    await this.stop()
    throw new Error(`the server on port ${port} did not answer within ${startMsMax} ms`)
  }

  /** Past all proxies. */
  get redis(): Redis {
    if (this.#redis !== undefined) return this.#redis
    const redis = new Redis(this.port, '127.0.0.1', {
      commandTimeout: commandMsMax,
      maxRetriesPerRequest: 1,
      retryStrategy: () => 100,
      connectionName: 'staleproof-verify',
    })
    redis.on('error', () => {})
    this.#redis = redis
    return redis
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#redis?.disconnect()
    this.#redis = undefined
    await this.kill()
  }

  async #answers(): Promise<boolean> {
    const answer = await this.redis.ping().catch((error: unknown) => String(error))
    // A Sentinel that answers at all is up; a server that loads its file is not.
    return answer === 'PONG'
  }
}

/** However the command ends. */
function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}
