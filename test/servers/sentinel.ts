/**
 * A primary with a replica, as native servers, and Sentinels that watch them. Replication runs
 * through a proxy, so that a test can cut it and lose what was not replicated.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../services/launcher/ports.ts'
import { RedisProcess } from '../../services/launcher/redis-process.ts'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { eventually } from './eventually.ts'
import { howToGetRedis, nativeRedis } from './native-redis.ts'
import { type RedisProxy, startProxy } from './proxy.ts'
import { startRedis, type TestRedis } from './redis.ts'
import { runFolder } from './run-folder.ts'

const host = '127.0.0.1'
const downAfterMs = 300
const readyMsMax = 30_000
/** What the Sentinels call the primary. */
const masterName = 'main'

export interface ReplicationOptions {
  /** Default 0: a test promotes by itself. */
  readonly sentinels?: number
  /** Further arguments for both servers. */
  readonly args?: readonly string[]
}

export interface ReplicatedServer {
  readonly server: TestRedis
  /** Follows its server through restarts. */
  readonly client: Redis
}

export class TestReplication {
  readonly primary: ReplicatedServer
  readonly replica: ReplicatedServer
  /** Between the two. */
  readonly link: RedisProxy
  readonly #sentinels: TestSentinel[] = []

  private constructor(primary: ReplicatedServer, replica: ReplicatedServer, link: RedisProxy) {
    this.primary = primary
    this.replica = replica
    this.link = link
  }

  static async start({
    sentinels = 0,
    args = [],
  }: ReplicationOptions = {}): Promise<TestReplication> {
    const settings = ['--repl-diskless-sync-delay', '0', ...args]
    const [primary, replica] = await Promise.all([
      startReplicated(settings),
      startReplicated(settings),
    ])
    const link = await startProxy(primary.server.port)
    const replication = new TestReplication(primary, replica, link)
    try {
      await replica.client.replicaof(host, link.port)
      await replication.inStep()
      for (let count = 0; count < sentinels; count++) await replication.#watch(sentinels)
      await replication.#watched()
    } catch (error) {
      await replication.stop()
      throw error
    }
    return replication
  }

  /** As the option `redis` takes it. */
  get sentinels(): { sentinels: { host: string; port: number }[]; name: string } {
    return { sentinels: this.#sentinels.map(({ port }) => ({ host, port })), name: masterName }
  }

  /** Until the replica has everything that the primary has. */
  async inStep(): Promise<void> {
    await eventually(
      'the replica is in step',
      async () => {
        const [ours, theirs] = await Promise.all([
          this.primary.client.info('replication'),
          this.replica.client.info('replication'),
        ])
        const offset = (info: string) => /^master_repl_offset:(\d+)/m.exec(info)?.[1]
        const isUp = theirs.includes('master_link_status:up') && ours.includes('state=online')
        return isUp && offset(ours) === offset(theirs)
      },
      readyMsMax,
    )
  }

  /** What the primary executes from now on, the replica never learns. */
  cutReplication(): void {
    this.link.mode('all', 'refuse')
    this.link.cut('all')
  }

  healReplication(): void {
    this.link.mode('all', 'pass')
  }

  /** Until the Sentinels have made the replica the primary. */
  async promoted(): Promise<void> {
    await eventually(
      'the replica is promoted',
      async () => (await this.replica.client.info('replication')).includes('role:master'),
      readyMsMax,
    )
  }

  /** Asks the first Sentinel. */
  async askSentinel(...command: [string, ...string[]]): Promise<unknown> {
    return this.#sentinels[0]?.client.call(...command)
  }

  async stop(): Promise<void> {
    for (const { client } of [this.primary, this.replica]) client.disconnect()
    await Promise.all(this.#sentinels.map((sentinel) => sentinel.stop()))
    await this.link.stop()
    await Promise.all([this.primary.server.stop(), this.replica.server.stop()])
  }

  async #watch(count: number): Promise<void> {
    const quorum = Math.floor(count / 2) + 1
    this.#sentinels.push(await TestSentinel.start(this.primary.server.port, quorum))
  }

  /** Every Sentinel knows the replica and the others. */
  async #watched(): Promise<void> {
    const others = this.#sentinels.length - 1
    for (const { client } of this.#sentinels) {
      await eventually(
        'the Sentinel knows its servers',
        async () => {
          const replicas = String(await client.call('SENTINEL', 'REPLICAS', masterName))
          const peers = await client.call('SENTINEL', 'SENTINELS', masterName)
          const isKnown = replicas.includes('master-link-status,ok')
          return isKnown && Array.isArray(peers) && peers.length === others
        },
        readyMsMax,
      )
    }
  }
}

class TestSentinel {
  readonly port: number
  readonly client: Redis
  readonly #process: RedisProcess
  readonly #record: RunRecord

  private constructor(process: RedisProcess, record: RunRecord) {
    this.port = process.port
    this.client = clientOf(process.port)
    this.#process = process
    this.#record = record
  }

  static async start(primaryPort: number, quorum: number): Promise<TestSentinel> {
    const command = nativeRedis()
    if (command === undefined) throw new Error(`this test ${howToGetRedis}`)
    const record = new RunRecord(runFolder)
    const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}sentinel-`))
    record.addFolder(folder)
    const lines = [
      `sentinel monitor ${masterName} ${host} ${primaryPort} ${quorum}`,
      `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
      `sentinel failover-timeout ${masterName} 5000`,
    ]
    const file = join(folder, 'sentinel.conf')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const args = (port: number) => [file, '--sentinel', '--port', String(port), '--bind', host]
    const program = { command, args, settings: {}, isNode: false }
    try {
      const port = await freePort()
      const options = { program, port, folder, record, onLine: () => {} }
      return new TestSentinel(await RedisProcess.start(options), record)
    } catch (error) {
      record.close()
      throw error
    }
  }

  async stop(): Promise<void> {
    this.client.disconnect()
    await this.#process.stop()
    this.#record.close()
  }
}

async function startReplicated(args: readonly string[]): Promise<ReplicatedServer> {
  const server = await startRedis({ args })
  return { server, client: clientOf(server.port) }
}

function clientOf(port: number): Redis {
  const client = new Redis(port, host, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  return client
}
