/**
 * Starts the parts of a stage and takes them down again. What is started is stacked with the
 * step that undoes it; closing unwinds the stack, and so does a start that fails half-way.
 * Every process is in the run record, so that even a launcher that is killed leaves nothing
 * that the next one does not find and end.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ownEnvironment } from './environment.ts'
import { demandFreePorts, portBaseDefault } from './ports.ts'
import { createDatabase, dropDatabase } from './postgres-database.ts'
import { startPostgresServer } from './postgres-server.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'
import { cleanDeadRuns, RunRecord } from './run-record.ts'
import {
  environmentOf,
  isWanted,
  type PlanFacts,
  portOf,
  type ServiceName,
  startOrder,
  urlOf,
} from './service-plan.ts'
import { ownServiceFolder, packageFolder, serviceModule } from './sibling-module.ts'
import type { Stage, StageOptions, StageRedis, StageUrls } from './stage.ts'
import { SupervisedService } from './supervised-service.ts'

interface Database {
  readonly url: string
  readonly description: string
}

const databaseNameDefault = 'staleproof'
const botApiRootDefault = 'https://api.telegram.org'

export class StageBuilding {
  readonly #options: StageOptions
  readonly #portBase: number
  readonly #dataFolder: string
  readonly #recordFolder: string
  readonly #record: RunRecord
  readonly #inherited: Readonly<Record<string, string | undefined>>
  readonly #signal: AbortSignal
  readonly #undo: (() => Promise<void>)[] = []
  readonly #pids = new Map<ServiceName, number>()
  readonly #lost: Promise<string>
  #reportLoss: (reason: string) => void = () => {}
  #closing: Promise<void> | undefined

  constructor(options: StageOptions) {
    this.#options = options
    this.#portBase = options.portBase ?? portBaseDefault
    this.#dataFolder = options.dataFolder ?? join(packageFolder(), '.data')
    this.#recordFolder = join(this.#dataFolder, 'runs')
    this.#record = new RunRecord(this.#recordFolder)
    this.#inherited = options.inherited ?? ownEnvironment()
    this.#signal = options.signal ?? new AbortController().signal
    this.#lost = new Promise((resolve) => {
      this.#reportLoss = resolve
    })
    options.killSignal?.addEventListener('abort', this.#kill)
  }

  /** Starts everything; on failure the caller must `close`. */
  async open(): Promise<Stage> {
    for (const text of await cleanDeadRuns(this.#recordFolder)) this.#tell(`ended ${text}`)
    await demandFreePorts(this.#wantedPorts(), this.#portBase)
    const [redis, database] = await this.#startServers()
    const adminToken = this.#options.adminToken ?? randomBytes(32).toString('base64url')
    const metricsToken = this.#options.metricsToken ?? randomBytes(24).toString('base64url')
    const facts = this.#planFacts({ redis, database, adminToken, metricsToken })
    for (const group of startOrder) {
      this.#signal.throwIfAborted()
      await this.#startGroup(group, facts)
    }
    return {
      urls: this.#urls(),
      pids: this.#pids,
      redis: stageRedis(redis),
      databaseUrl: database.url,
      databaseDescription: database.description,
      adminToken,
      metricsToken,
      lost: this.#lost,
      close: () => this.close(),
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#unwind()
    return this.#closing
  }

  async #unwind(): Promise<void> {
    const failures: unknown[] = []
    for (const undo of this.#undo.reverse()) {
      await undo().catch((error: unknown) => failures.push(error))
    }
    this.#options.killSignal?.removeEventListener('abort', this.#kill)
    this.#record.close()
    if (failures.length > 0) throw new AggregateError(failures, 'not everything ended in order')
  }

  readonly #kill = (): void => this.#record.endHard()

  /** Both at once; waits for both even if one fails, so that neither is forgotten. */
  async #startServers(): Promise<[RedisServer, Database]> {
    const [redis, database] = await Promise.allSettled([this.#startRedis(), this.#startDatabase()])
    if (redis.status === 'rejected') throw redis.reason
    if (database.status === 'rejected') throw database.reason
    return [redis.value, database.value]
  }

  async #startRedis(): Promise<RedisServer> {
    const redis = await startRedisServer({
      url: this.#options.redisUrl,
      searchPath: this.#inherited.PATH ?? '',
      nodeArguments: this.#options.nodeArguments ?? [],
      record: this.#record,
      onLine: (text) => this.#pass('redis', text),
      onNote: (text) => this.#tell(text),
    })
    this.#undo.push(() => redis.stop())
    this.#watch(redis.process?.lost)
    this.#tell(`redis: ${redis.description}`)
    return redis
  }

  async #startDatabase(): Promise<Database> {
    const server = await startPostgresServer({
      url: this.#options.databaseUrl,
      folder: join(this.#dataFolder, 'postgres'),
      recordFolder: this.#recordFolder,
      record: this.#record,
      onLine: (text) => this.#pass('postgres', text),
      onNote: (text) => this.#tell(text),
    })
    this.#undo.push(() => server.stop())
    this.#watch(server.lost)
    this.#tell(`postgres: ${server.description}`)
    const name = this.#options.databaseName ?? (server.isGiven ? undefined : databaseNameDefault)
    if (name === undefined) return server
    const url = await createDatabase(server.url, name)
    if (this.#options.dropsDatabase) this.#undo.push(() => dropDatabase(server.url, name))
    return { url, description: server.description }
  }

  async #startGroup(group: readonly ServiceName[], facts: PlanFacts): Promise<void> {
    const wanted = group.filter((name) => isWanted(name, facts))
    const starts = await Promise.allSettled(wanted.map((name) => this.#startService(name, facts)))
    for (const start of starts) {
      if (start.status === 'rejected') throw start.reason
    }
  }

  async #startService(name: ServiceName, facts: PlanFacts): Promise<void> {
    const startedAt = performance.now()
    const service = await SupervisedService.start({
      name,
      module: serviceModule(this.#options.serviceFolder ?? ownServiceFolder, name),
      port: portOf(name, this.#portBase),
      environment: environmentOf(name, facts),
      nodeArguments: this.#options.nodeArguments ?? [],
      record: this.#record,
      onLine: (text) => this.#pass(name, text),
      onStart: (pid) => this.#pids.set(name, pid),
      onNote: (text) => this.#tell(text),
    })
    this.#undo.push(() => service.stop())
    this.#watch(service.lost)
    await service.ready(this.#signal)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    this.#tell(`${name}: up on ${service.url} after ${seconds} s`)
  }

  #planFacts(parts: {
    redis: RedisServer
    database: Database
    adminToken: string
    metricsToken: string
  }): PlanFacts {
    const { redis, database, ...tokens } = parts
    return {
      portBase: this.#portBase,
      redisUrl: redis.url,
      databaseUrl: database.url,
      ...tokens,
      botToken: this.#options.botToken,
      botApiRoot: this.#options.botApiRoot ?? botApiRootDefault,
      inherited: this.#inherited,
    }
  }

  #wantedPorts(): Map<string, number> {
    const names = startOrder.flat().filter((name) => isWanted(name, this.#options))
    return new Map(names.map((name) => [name, portOf(name, this.#portBase)]))
  }

  #urls(): StageUrls {
    const url = (name: ServiceName): string => urlOf(name, this.#portBase)
    const urls = {
      upstream: url('upstream'),
      api: url('api'),
      products: url('products'),
      workers: url('workers'),
      indexer: url('indexer'),
      bot: url('bot'),
    }
    return this.#pids.has('telegram') ? { ...urls, telegram: url('telegram') } : urls
  }

  #watch(lost: Promise<string> | undefined): void {
    void lost?.then(this.#reportLoss)
  }

  #tell(text: string): void {
    this.#pass('launcher', text)
  }

  #pass(from: string, text: string): void {
    this.#options.onLine?.({ from, text })
  }
}

function stageRedis(server: RedisServer): StageRedis {
  const { url, description, process } = server
  if (process === undefined) return { url, description }
  return {
    url,
    description,
    get pid() {
      return process.pid
    },
    freeze: () => process.freeze(),
    resume: () => process.resume(),
    kill: () => process.kill(),
    restart: () => process.restart(),
  }
}
