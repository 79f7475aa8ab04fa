/** A server of our own: on this machine alone, in a temporary folder, ended with the command. */
import '../../base/fast-texts.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
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

  /** Resolves once it answers; rejects with how it ended, or when it is silent for too long. */
  async start(more: readonly string[] = []): Promise<void> {
    if (this.#isOver) throw new Error('the servers have been stopped')
    const { program, port, folder } = this.#options
    const isSentinel = this.#options.arguments.includes('--sentinel')
    const own = isSentinel ? [] : [...alwaysArguments, '--dir', folder]
    const all = [...this.#options.arguments, '--port', String(port), ...own, ...more]
    const child = spawn(program, all, { cwd: folder, stdio: 'ignore' })
    this.#child = child
    endWithUs(child)
    // A command that can't be run is seen as one that never answers.
    child.once('error', () => {})
    const isOver = async () => hasEnded(child) || (await this.#answers(child))
    const inTime = await until(isOver, startMsMax)
    if (inTime && !hasEnded(child)) return
    const how = inTime ? endOf(child) : `did not answer within ${startMsMax} ms`
    await this.stop()
    throw new Error(`the server on port ${port} ${how}`)
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
    if (child === undefined || hasEnded(child)) return
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

  /** A stranger that was faster on this port may answer too. */
  async #answers({ pid }: ChildProcess): Promise<boolean> {
    try {
      // A server that loads its file refuses it.
      await this.redis.ping()
      return (await this.redis.info('server')).includes(`process_id:${pid}\r\n`)
    } catch {
      return false
    }
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function endOf({ exitCode, signalCode }: ChildProcess): string {
  return `ended with ${signalCode ?? exitCode} before it answered`
}

/** However the command ends. */
function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
}
