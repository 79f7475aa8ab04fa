/**
 * A Redis Cluster of native servers for tests: primaries that share the hash slots evenly, and
 * replicas if wanted; and what an operator does to one: slots moved, nodes added and lost.
 */
import { Redis } from 'ioredis'
import { freePort } from '../../services/launcher/ports.ts'
import { eventually } from './eventually.ts'
import { startRedis, type TestRedis } from './redis.ts'

const hashSlots = 16_384
const readyMsMax = 30_000
/** After this a node that is silent counts as failed; the smallest that is stable here. */
const nodeTimeoutMs = 1_000

export interface TestClusterOptions {
  /** Default 3. */
  readonly primaries?: number
  /** Of each primary. Default 0. */
  readonly replicas?: number
  /** Further arguments for every node. */
  readonly args?: readonly string[]
}

export interface ClusterNode {
  readonly server: TestRedis
  /** To this node alone; it follows no redirection. */
  readonly client: Redis
  readonly id: string
}

export class TestCluster {
  readonly primaries: ClusterNode[] = []
  /** Aligned with the primaries. */
  readonly replicas: ClusterNode[][] = []
  readonly #args: readonly string[]

  private constructor(args: readonly string[]) {
    this.#args = args
  }

  static async start(options: TestClusterOptions = {}): Promise<TestCluster> {
    const { primaries = 3, replicas = 0, args = [] } = options
    const cluster = new TestCluster(args)
    try {
      await cluster.#build(primaries, replicas)
    } catch (error) {
      await cluster.stop()
      throw error
    }
    return cluster
  }

  /** Addresses of all primaries, as the option `redis` takes them. */
  get seeds(): { cluster: { host: string; port: number }[] } {
    return { cluster: this.primaries.map(({ server }) => ({ host, port: server.port })) }
  }

  get nodes(): readonly ClusterNode[] {
    return [...this.primaries, ...this.replicas.flat()]
  }

  /** The hash slot of a key, as the servers compute it. */
  async slotOf(key: string): Promise<number> {
    return Number(await this.#first.client.call('CLUSTER', 'KEYSLOT', key))
  }

  /** The primary that has the slot now, as it says itself. */
  async ownerOf(slot: number): Promise<ClusterNode> {
    for (const node of this.nodes) {
      if (await servesSlot(node, slot)) return node
    }
    throw new Error(`no running node has the slot ${slot}`)
  }

  /** One more primary, without slots. */
  async add(): Promise<ClusterNode> {
    const node = await this.#startNode()
    this.primaries.push(node)
    await this.#meet()
    return node
  }

  /** Keys of the slot go to the target from now on, one by one; nothing has moved yet. */
  async beginMove(slot: number, to: ClusterNode): Promise<ClusterNode> {
    const from = await this.ownerOf(slot)
    await to.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id)
    await from.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id)
    return from
  }

  /** Moves keys that are in a slot on its way. */
  async moveKeys(from: ClusterNode, to: ClusterNode, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    const place = [host, to.server.port, '', 0, 5_000, 'REPLACE', 'KEYS']
    await from.client.call('MIGRATE', ...place, ...keys)
  }

  async endMove(slot: number, to: ClusterNode): Promise<void> {
    for (const node of [to, ...this.primaries.filter((each) => each !== to)]) {
      if (node.server.pid !== undefined) {
        await node.client.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id)
      }
    }
  }

  /** Moves a whole slot, key by key, as `redis-cli --cluster reshard` does. */
  async move(slot: number, to: ClusterNode): Promise<void> {
    const from = await this.beginMove(slot, to)
    for (;;) {
      const keys = await from.client.call('CLUSTER', 'GETKEYSINSLOT', slot, 10)
      const names = Array.isArray(keys) ? keys.map(String) : []
      if (names.length === 0) break
      await this.moveKeys(from, to, names)
    }
    await this.endMove(slot, to)
  }

  async stop(): Promise<void> {
    for (const { client } of this.nodes) client.disconnect()
    await Promise.all(this.nodes.map(({ server }) => server.stop()))
  }

  get #first(): ClusterNode {
    const running = this.primaries.find(({ server }) => server.pid !== undefined)
    if (running === undefined) throw new Error('no primary is running')
    return running
  }

  async #build(primaries: number, replicas: number): Promise<void> {
    const count = primaries * (replicas + 1)
    const started = await Promise.all(Array.from({ length: count }, () => this.#startNode()))
    this.primaries.push(...started.slice(0, primaries))
    await Promise.all(this.primaries.map((node, at) => giveShare(node, at, primaries)))
    this.primaries.forEach((_, at) => {
      const first = primaries + at * replicas
      this.replicas.push(started.slice(first, first + replicas))
    })
    await this.#meet()
    await this.#replicate()
  }

  async #startNode(): Promise<ClusterNode> {
    const busPort = await freePort()
    const server = await startRedis({
      args: [
        ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
        ...['--cluster-node-timeout', String(nodeTimeoutMs)],
        ...['--cluster-require-full-coverage', 'no'],
        ...['--repl-diskless-sync-delay', '0', '--cluster-replica-validity-factor', '0'],
        ...['--cluster-allow-replica-migration', 'no'],
        ...this.#args,
      ],
    })
    const client = new Redis(server.port, host, { maxRetriesPerRequest: 0 })
    client.on('error', () => {})
    const id = String(await client.call('CLUSTER', 'MYID'))
    return { server, client, id }
  }

  /** Every node knows every other one, and takes the cluster for whole. */
  async #meet(): Promise<void> {
    const first = this.#first
    const busPort = Number(String(await first.client.config('GET', 'cluster-port')).split(',')[1])
    for (const { client } of this.nodes) {
      await client.call('CLUSTER', 'MEET', host, first.server.port, busPort)
    }
    const isWhole = async ({ client }: ClusterNode) => {
      const info = String(await client.call('CLUSTER', 'INFO'))
      return info.includes('state:ok') && info.includes(`known_nodes:${this.nodes.length}`)
    }
    await eventually(
      'the nodes of the cluster know each other',
      async () => (await Promise.all(this.nodes.map(isWhole))).every((whole) => whole),
      readyMsMax,
    )
  }

  async #replicate(): Promise<void> {
    for (const [at, replicas] of this.replicas.entries()) {
      const primary = this.primaries[at]
      for (const { client } of replicas) {
        await eventually('a replica may follow its primary', async () => {
          const reply = client.call('CLUSTER', 'REPLICATE', primary?.id ?? '')
          return (await reply.catch(() => 'not yet')) === 'OK'
        })
      }
    }
    for (const { client } of this.replicas.flat()) {
      await eventually(
        'a replica is in step',
        async () => (await client.info('replication')).includes('master_link_status:up'),
        readyMsMax,
      )
    }
  }
}

const host = '127.0.0.1'

async function giveShare({ client }: ClusterNode, at: number, shares: number): Promise<void> {
  const first = Math.floor((at * hashSlots) / shares)
  const last = Math.floor(((at + 1) * hashSlots) / shares) - 1
  await client.call('CLUSTER', 'ADDSLOTSRANGE', first, last)
}

async function servesSlot({ server, client, id }: ClusterNode, slot: number): Promise<boolean> {
  if (server.pid === undefined) return false
  const ranges = await client.call('CLUSTER', 'SLOTS')
  if (!Array.isArray(ranges)) return false
  return ranges.some(
    ([first, last, primary]) => first <= slot && slot <= last && String(primary[2]) === id,
  )
}
