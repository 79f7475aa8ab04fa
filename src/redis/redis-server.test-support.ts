/**
 * For the tests of this folder: a real redis-server of their own and a TCP relay that
 * can go silent, speak for the server or lead elsewhere, and a bounded wait.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, test } from 'vitest'
import { freePorts } from '../cli/verify/free-ports.ts'

const WAIT_MS_MAX = 15_000
const POLL_MS = 5

const folders = (process.env.PATH ?? '').split(delimiter)
const isAway = !folders.some((folder) => existsSync(join(folder, 'redis-server')))
if (isAway) {
  console.info('skipped: needs redis-server on the PATH: "apt-get install redis-server" enables it')
}

/** Reported as skipped where there is no redis-server; the hooks of the file don't run then. */
export const describeWithRedis: ReturnType<typeof describe.skipIf> = describe.skipIf(isAway)
export const testWithRedis: ReturnType<typeof test.skipIf> = test.skipIf(isAway)

/** Polls until the condition holds; fails with `what` after fifteen seconds. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MS_MAX
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`did not happen in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

export class TestRedis {
  readonly port: number
  readonly #arguments: readonly string[]
  #process: ChildProcess | undefined
  /** Of each start anew: a replica leaves a dump that the next one would load. */
  #folder = ''

  constructor(port: number, ...serverArguments: string[]) {
    this.port = port
    this.#arguments = serverArguments
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** With the file of its settings it is started as a Sentinel. */
  async start(sentinelFile?: string): Promise<this> {
    this.#folder = mkdtempSync(join(tmpdir(), 'staleproof-redis-'))
    const place = ['--port', String(this.port), '--dir', this.#folder, '--bind', '127.0.0.1']
    const settings = ['--save', '', '--appendonly', 'no', ...this.#arguments]
    const kind = sentinelFile === undefined ? [...place, ...settings] : [sentinelFile, ...place]
    const sentinel = sentinelFile === undefined ? [] : ['--sentinel']
    this.#process = spawn('redis-server', [...kind, ...sentinel], { stdio: 'ignore' })
    await eventually(`redis-server on ${this.port}`, () => accepts(this.port))
    return this
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  async stop(): Promise<void> {
    const running = this.#process
    this.#process = undefined
    if (running === undefined) return
    if (running.exitCode === null) {
      const gone = once(running, 'exit')
      running.kill('SIGKILL')
      await gone
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** One command on a connection of its own. */
  async ask(command: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(this.port, '127.0.0.1', { protocol: 2, disableClientInfo: true })
    try {
      return await client.call(command, ...args)
    } finally {
      client.disconnect()
    }
  }
}

/** Started, where nobody else listens. */
export async function startOnFreePort(...args: readonly string[]): Promise<TestRedis> {
  return new TestRedis(await freePort(), ...args).start()
}

/** Nobody listens there, for now. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy())
    socket.once('error', () => {})
    socket.once('close', (hadError) => resolve(!hadError))
  })
}

/** Relays one port to another; `silence` keeps every connection open and passes nothing. */
export class Relay {
  readonly #server: Server
  readonly #clients = new Set<Socket>()
  readonly url: string
  /** Where new connections lead. */
  target: number
  #silent = false

  constructor(port: number, target: number) {
    this.target = target
    this.url = `redis://127.0.0.1:${port}`
    this.#server = createServer((client) => this.#relay(client)).listen(port, '127.0.0.1')
  }

  silence(): void {
    this.#silent = true
  }

  speak(): void {
    this.#silent = false
  }

  /** Sends bytes to every client as if the server had. */
  inject(bytes: string): void {
    for (const client of this.#clients) client.write(bytes)
  }

  close(): void {
    for (const client of this.#clients) client.destroy()
    this.#server.close()
  }

  #relay(client: Socket): void {
    const server = connect(this.target, '127.0.0.1')
    this.#clients.add(client)
    client.on('data', (data) => this.#silent || server.write(data))
    server.on('data', (data) => this.#silent || client.write(data))
    const end = () => {
      this.#clients.delete(client)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
  }
}
