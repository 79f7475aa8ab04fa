/**
 * Servers of our own: a primary, a replica, and a Sentinel that makes the one the other. The
 * three see each other only through doors (proxies), so that a server can be cut off from its
 * replica and its Sentinel while its clients still reach it.
 *
 *   worker ──own proxy──▶ server ◀──door── replica, Sentinel
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { type RedisProxy, startProxy } from '../../testing/index.ts'
import { type Folder, temporaryFolder } from './folder.ts'
import { freePorts } from './free-ports.ts'
import { OwnServer, type OwnServerOptions, serverProgram } from './own-server.ts'
import { until } from './pause.ts'
import type { ServerAddress, Target } from './target.ts'
import type { WorkerRedis } from './worker-calls.ts'

/** A server behind its door. */
export interface Node {
  readonly server: OwnServer
  readonly door: RedisProxy
}

const sentinelName = 'verify'
/** Longer than the freezes and restarts that no failover should follow. */
export const downAfterMs: number = 2_000
const readyMsMax = 20_000
/** An isolated primary stops accepting writes that much later. */
const replicaLagSeconds = 2

export class OwnServers implements Target {
  readonly description: string = 'servers of its own: primary, replica, Sentinel'
  readonly isReadable: boolean = true
  readonly #folder: Folder
  readonly #sentinel: OwnServer
  readonly #nodes: readonly Node[]

  static async start(): Promise<OwnServers> {
    const program = serverProgram()
    const folder = temporaryFolder()
    const [port = 0, ...ports] = await freePorts(3)
    const partOf = (name: string) => ({ program, folder: join(folder.path, name) })
    const nodeOf = (nodePort: number) => nodeIn({ ...partOf(`server-${nodePort}`), port: nodePort })
    const nodes = await Promise.all(ports.map(nodeOf))
    const options = { ...partOf('sentinel'), port }
    const file = join(options.folder, 'sentinel.conf')
    const sentinel = new OwnServer({ ...options, arguments: [file, '--sentinel'] })
    const servers = new OwnServers(folder, nodes, sentinel)
    try {
      await servers.#start(file)
      return servers
    } catch (error) {
      await servers.close()
      throw error
    }
  }

  private constructor(folder: Folder, nodes: readonly Node[], sentinel: OwnServer) {
    this.#folder = folder
    this.#nodes = nodes
    this.#sentinel = sentinel
  }

  /** Removed with the servers. */
  get folder(): string {
    return this.#folder.path
  }

  get servers(): readonly ServerAddress[] {
    return this.#nodes.map(({ server }) => ({ host: '127.0.0.1', port: server.port }))
  }

  /** Sentinel names the doors; workers go through their own proxies instead. */
  redisThrough(proxies: readonly RedisProxy[]): WorkerRedis {
    const natMap: Record<string, ServerAddress> = {}
    for (const [index, { door }] of this.#nodes.entries()) {
      const port = proxies[index]?.port ?? door.port
      natMap[`127.0.0.1:${door.port}`] = { host: '127.0.0.1', port }
    }
    const sentinels = [{ host: '127.0.0.1', port: this.#sentinel.port }]
    return { sentinels, name: sentinelName, natMap }
  }

  async admin(): Promise<Redis> {
    return (await this.roles()).primary.server.redis
  }

  /** As Sentinel sees it now. */
  async roles(): Promise<{ readonly primary: Node; readonly replica: Node }> {
    const [, port] = await this.#ask('GET-MASTER-ADDR-BY-NAME')
    const [one, other] = this.#nodes
    if (one === undefined || other === undefined) throw new Error('there are two servers')
    const isOne = Number(port) === one.door.port
    return isOne ? { primary: one, replica: other } : { primary: other, replica: one }
  }

  /** The replica follows the primary and may be promoted; false if not in time. */
  inStep(): Promise<boolean> {
    return until(async () => {
      try {
        const { primary } = await this.roles()
        const info = await primary.server.redis.info('replication')
        const replicas = String(await this.#ask('REPLICAS'))
        return /role:master/.test(info) && /state=online/.test(info) && isPromotable(replicas)
      } catch {
        return false
      }
    }, readyMsMax)
  }

  async close(): Promise<void> {
    const servers = [...this.#nodes.map(({ server }) => server), this.#sentinel]
    await Promise.all(servers.map((server) => server.stop()))
    await Promise.all(this.#nodes.map(({ door }) => door.stop()))
    this.#folder.leave()
  }

  async #start(sentinelFile: string): Promise<void> {
    const [primary, replica] = this.#nodes
    if (primary === undefined || replica === undefined) throw new Error('there are two servers')
    await primary.server.start()
    await replica.server.start(following(primary))
    writeFileSync(sentinelFile, sentinelLines(primary.door.port).join('\n'))
    await this.#sentinel.start()
    if (!(await this.inStep())) throw new Error('the replica did not follow the primary in time')
  }

  async #ask(what: string): Promise<readonly unknown[]> {
    const answer = await this.#sentinel.redis.call('SENTINEL', what, sentinelName)
    return Array.isArray(answer) ? answer : []
  }
}

/** Arguments of a server that follows another. */
export function following({ door }: Node): readonly string[] {
  return ['--replicaof', '127.0.0.1', String(door.port)]
}

async function nodeIn(place: Omit<OwnServerOptions, 'arguments'>): Promise<Node> {
  const door = await startProxy(place.port)
  const announced = ['--replica-announce-ip', '127.0.0.1']
  const server = new OwnServer({
    ...place,
    arguments: [
      ...announced,
      ...['--replica-announce-port', String(door.port)],
      ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
      ...['--min-replicas-to-write', '1', '--min-replicas-max-lag', String(replicaLagSeconds)],
    ],
  })
  return { server, door }
}

function sentinelLines(port: number): readonly string[] {
  return [
    `sentinel monitor ${sentinelName} 127.0.0.1 ${port} 1`,
    `sentinel down-after-milliseconds ${sentinelName} ${downAfterMs}`,
    `sentinel failover-timeout ${sentinelName} 3000`,
    '',
  ]
}

/** Sentinel can promote a replica that it hears of and that follows. */
function isPromotable(replicas: string): boolean {
  return (
    replicas.includes('master-link-status,ok') && !/flags,[^,]*(s_down|disconnected)/.test(replicas)
  )
}
