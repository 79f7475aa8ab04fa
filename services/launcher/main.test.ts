import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { postgresServerUrl } from '../../test/servers/postgres.ts'
import { typescriptArguments } from '../../test/servers/processes.ts'
import { type StubServices, stubServices } from '../../test/servers/stub-services.ts'
import { freePortBase } from './ports.ts'
import { createDatabase, dropDatabase } from './postgres-database.ts'
import { processIdentity } from './process-identity.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** A launcher on stub services, run as `npm start` runs it, with what it printed. */
class Launcher {
  readonly process: ChildProcess
  readonly exited: Promise<number | null>
  output = ''

  constructor(environment: NodeJS.ProcessEnv, args: readonly string[] = []) {
    this.process = spawn(process.execPath, [...typescriptArguments, main, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exited = once(this.process, 'exit').then(([code]) => code)
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (text) => {
        this.output += text
      })
    }
  }

  async until(text: string): Promise<void> {
    const isThere = (): boolean => this.output.includes(text)
    await eventually(text, () => isThere() || this.process.exitCode !== null, 40_000)
    if (!isThere()) throw new Error(`the launcher ended without "${text}":\n${this.output}`)
  }
}

/** A service that is up for a moment. */
const mortal = `
import { createServer } from 'node:http'
const server = createServer((_, response) => {
  response.end('ok')
  setTimeout(() => process.exit(4), 200)
})
server.listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => process.exit(0))
`

let folder: string
let stubs: StubServices
let portBase: number
let environment: NodeJS.ProcessEnv
let launcher: Launcher | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-launch-'))
  chmodSync(folder, 0o755)
  stubs = stubServices()
  portBase = await freePortBase()
  environment = {
    PORT_BASE: String(portBase),
    DATA_FOLDER: folder,
    SERVICE_FOLDER: stubs.folder,
    DATABASE_URL: await postgresServerUrl(),
    PATH: process.env.PATH,
  }
})
afterEach(async () => {
  if (launcher?.process.exitCode === null && launcher.process.signalCode === null) {
    launcher.process.kill('SIGTERM')
    await launcher.exited
  }
  launcher = undefined
  stubs.remove()
  rmSync(folder, { recursive: true, force: true })
})

function launch(args: readonly string[] = []): Launcher {
  launcher = new Launcher(environment, args)
  return launcher
}

/** The processes and folders that the launcher has on record. */
function recorded(): { pids: number[]; folders: string[] } {
  const runs = join(folder, 'runs')
  const pids: number[] = []
  const folders: string[] = []
  for (const name of readdirSync(runs).filter((each) => each.endsWith('.json'))) {
    const run = JSON.parse(readFileSync(join(runs, name), 'utf8'))
    pids.push(...run.processes.map((entry: { pid: number }) => entry.pid))
    folders.push(...run.folders)
  }
  return { pids, folders }
}

function expectNothingLeft({ pids, folders }: { pids: number[]; folders: string[] }): void {
  expect(pids.filter((pid) => processIdentity(pid) !== undefined)).toEqual([])
  expect(folders.filter((each) => existsSync(each))).toEqual([])
  expect(readdirSync(join(folder, 'runs'))).toEqual([])
}

it('shows addresses and token, and leaves nothing behind after Ctrl-C', async () => {
  delete environment.DATABASE_URL
  const started = launch()
  await started.until('Ctrl-C ends')
  expect(started.output).toContain(`http://127.0.0.1:${portBase}`)
  const token = /administrator token +(\S+)/.exec(started.output)?.[1]
  const told = await fetch(`http://127.0.0.1:${portBase}/environment`).then((r) => r.json())
  expect(told).toMatchObject({ ADMIN_TOKEN: token, DATABASE_URL: expect.any(String) })
  const before = recorded()
  // Redis, PostgreSQL and seven services.
  expect(before.pids).toHaveLength(9)
  started.process.kill('SIGINT')
  expect(await started.exited).toBe(0)
  expectNothingLeft(before)
})

it('takes two signals within a moment for one Ctrl-C', async () => {
  const started = launch()
  await started.until('Ctrl-C ends')
  started.process.kill('SIGINT')
  started.process.kill('SIGTERM')
  expect(await started.exited).toBe(0)
  expect(started.output).toContain('everything has ended')
})

it('kills everything on the second Ctrl-C, even a service that does not want to end', async () => {
  const started = launch()
  await started.until('Ctrl-C ends')
  await fetch(`http://127.0.0.1:${portBase}/deaf`)
  const before = recorded()
  started.process.kill('SIGINT')
  await started.until('Ctrl-C again kills')
  await eventually('the hard end', () => !started.process.kill('SIGINT'), 3_000)
  expect(await started.exited).toBe(130)
  await eventually('the killed to be gone', () => before.pids.every((pid) => !processIdentity(pid)))
  expectNothingLeft(before)
})

it('ends what it has when Ctrl-C comes while it starts', async () => {
  stubs.replace('workers', 'setInterval(() => {}, 1000)')
  const started = launch()
  await started.until('api: up')
  await eventually('the workers', () => recorded().pids.length >= 4)
  const before = recorded()
  started.process.kill('SIGINT')
  expect(await started.exited).toBe(0)
  expectNothingLeft(before)
})

it('leaves to the next launcher nothing that it does not end, when it is killed', async () => {
  delete environment.DATABASE_URL
  const killed = launch()
  await killed.until('Ctrl-C ends')
  const before = recorded()
  killed.process.kill('SIGKILL')
  await killed.exited
  const next = launch()
  await next.until('Ctrl-C ends')
  expect(before.pids.filter((pid) => processIdentity(pid) !== undefined)).toEqual([])
  expect(before.folders.filter((each) => existsSync(each))).toEqual([])
  next.process.kill('SIGTERM')
  expect(await next.exited).toBe(0)
})

it('says which port is taken and how to choose others', async () => {
  const blocker = createServer().listen(portBase + 40, '127.0.0.1')
  await once(blocker, 'listening')
  const started = launch()
  expect(await started.exited).toBe(1)
  expect(started.output).toMatch(new RegExp(`port ${portBase + 40} \\(bot\\).*PORT_BASE=`))
  blocker.close()
})

it('starts a service again that ends by itself', async () => {
  const started = launch()
  await started.until('Ctrl-C ends')
  await fetch(`http://127.0.0.1:${portBase + 60}/exit`).catch(() => {})
  await started.until('indexer: up again')
  expect(started.output).toContain('indexer ended with exit code 3')
  expect(await fetch(`http://127.0.0.1:${portBase + 60}/health`)).toMatchObject({ status: 200 })
  const before = recorded()
  started.process.kill('SIGINT')
  expect(await started.exited).toBe(0)
  expectNothingLeft(before)
})

it('ends everything and exits 1 when a service does not stay up', async () => {
  stubs.replace('indexer', mortal)
  const started = launch()
  await started.until('indexer: up on')
  const before = recorded()
  expect(await started.exited).toBe(1)
  expect(started.output.match(/indexer: up again/g)).toHaveLength(5)
  expect(started.output).toMatch(/launcher: indexer ended with exit code 4/)
  expectNothingLeft(before)
})

it('shows the last lines of a service that does not come up', async () => {
  stubs.replace('api', 'throw new Error("no table")')
  const started = launch()
  expect(await started.exited).toBe(1)
  expect(started.output).toMatch(/api ended with exit code 1; its last lines:.*no table/s)
  expect(readdirSync(join(folder, 'runs'))).toEqual([])
})

it('exits 0 when the tour passes and 1 when it fails or throws', async () => {
  const url = await postgresServerUrl()
  environment.DATABASE_URL = await createDatabase(url, 'tour_of_stubs')
  stubs.replace('tour', 'export const runTour = async (stage) => (await fetch(stage.urls.bot)).ok')
  expect(await launch(['--tour']).exited).toBe(0)
  stubs.replace('tour', 'export const runTour = async () => false')
  expect(await launch(['--tour']).exited).toBe(1)
  stubs.replace('tour', 'export const runTour = async () => { throw new Error("lost the way") }')
  const thrown = launch(['--tour'])
  expect(await thrown.exited).toBe(1)
  expect(thrown.output).toContain('lost the way')
  await dropDatabase(url, 'tour_of_stubs')
})
