/**
 * A worker of `staleproof verify`: a process with one cache and several clients, started by
 * the command and ended by it. When the command is gone, it ends by itself.
 */

import type { Cache } from '../../core/cache.ts'
import { openCache } from '../../index.ts'
import { hostMs } from '../../system.ts'
import { HistoryRecorder } from '../../testing/index.ts'
import { Client } from './client.ts'
import { HistoryWriter } from './history-writer.ts'
import { Line } from './line.ts'
import { pause } from './pause.ts'
import { versionOf } from './reads.ts'
import { keyOf, type RegisterName, type Registers, registerCatalog } from './registers.ts'
import { cacheSettings } from './settings.ts'
import type { DatabaseCalls, WorkerCalls, WorkerInit, WorkerPulse } from './worker-calls.ts'
import { WorkerDatabase } from './worker-database.ts'
import { WorkerMeter } from './worker-meter.ts'
import { Writes } from './writes.ts'

const pulseEveryMs = 250

interface Running {
  readonly cache: Cache<Registers>
  readonly clients: readonly Client[]
  readonly recorder: HistoryRecorder
  readonly writer: HistoryWriter
  readonly meter: WorkerMeter
  readonly writes: Writes
  /** Ended when each client has finished what it was doing. */
  readonly work: Promise<unknown>
}

let running: Running | undefined

const served: WorkerCalls = {
  async open(init) {
    running = await open(init)
  },
  block({ ms }) {
    const endMs = hostMs() + ms
    while (hostMs() < endMs);
  },
  async rest() {
    const { clients, work, cache } = theRunning()
    for (const client of clients) client.rest()
    await work
    await cache.settled()
  },
  async rewrite({ names }) {
    const { writes, cache } = theRunning()
    await writes.rewrite(names)
    await cache.settled()
  },
  isWell() {
    const { cache } = theRunning()
    return cache.health().state === 'ok' && cache.pending().length === 0
  },
  async finish({ names }) {
    const { writer } = theRunning()
    for (const name of names) await readEverywhere(name)
    writer.flush()
    return pulse()
  },
  async close() {
    const { cache, writer } = theRunning()
    await cache.close()
    writer.close()
  },
}

const line = new Line<DatabaseCalls>(
  {
    send: (message) => process.connected && process.send?.(message),
    listen: (receive) => process.on('message', receive),
  },
  served,
)
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group of processes; the command decides what becomes of this one.
process.on('SIGINT', () => {})

async function open(init: WorkerInit): Promise<Running> {
  const { process: name, namespace, redis, historyFile } = init
  const database = new WorkerDatabase(line, name)
  const writer = new HistoryWriter(historyFile)
  const recorder = new HistoryRecorder({
    process: name,
    now: hostMs,
    write: (record) => writer.write(record),
  })
  const meter = new WorkerMeter(name)
  const cache = await openCache(registerCatalog(), {
    ...cacheSettings,
    service: name,
    redis,
    namespace,
    observers: [meter],
    sources: {
      item: { many: (ids) => database.load('item', ids) },
      grouped: { many: (ids) => database.load('grouped', ids) },
      ordered: async (id) => (await database.load('ordered', [id]))[0],
    },
  })
  const rate = init.opsPerSecond / init.clients
  const parts = { cache, database, recorder }
  const clients = Array.from({ length: init.clients }, () => new Client(parts, rate))
  void sendPulses()
  const work = Promise.all(clients.map((client) => client.run()))
  return { cache, clients, recorder, writer, meter, writes: new Writes(parts), work }
}

async function sendPulses(): Promise<void> {
  for (;;) {
    await pause(pulseEveryMs)
    // Should the command be gone, so is this process.
    line.call('pulse', pulse()).catch(() => {})
  }
}

function pulse(): WorkerPulse {
  const { clients, meter, cache } = theRunning()
  return {
    ...meter.read(),
    operations: clients.reduce((sum, client) => sum + client.operations, 0),
    trustLosses: cache.stats().trustLosses,
    failures: clients.flatMap((client) => client.failures),
  }
}

/** From wherever it comes, and then as Redis has it. */
async function readEverywhere(name: RegisterName): Promise<void> {
  const { cache, recorder } = theRunning()
  const handle = cache[name.family]
  await recorder.final(keyOf(name), versionOf, () => handle.lookup(name.id))
  const strict = () => handle.lookup(name.id, { consistency: 'strict' })
  await recorder.final(keyOf(name), versionOf, strict)
}

function theRunning(): Running {
  if (running !== undefined) return running
  throw new Error('the worker has not been opened')
}
