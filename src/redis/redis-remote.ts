/**
 * Redis as the second tier: for each server that has partitions a command connection, a
 * subscriber connection if messages are wanted, and nothing more whatever the concurrency.
 */
import type { Bus, BusListener } from '../core/contracts/bus.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store, StoreListener } from '../core/contracts/store.ts'
import { Cluster } from './cluster.ts'
import type { Nodes } from './nodes.ts'
import { type RedisTarget, resolveRedisTarget } from './redis-options.ts'
import { OneServer, type Topology } from './topology.ts'

/** In a cluster; a single server needs no division. */
export const CLUSTER_PARTITIONS = 16

export interface RedisRemoteOptions {
  readonly redis: RedisTarget
  /** What keys and channels have between their braces, before the partition. */
  readonly namespace: string
  /** Default 1, in a cluster 16. */
  readonly partitions: number | undefined
  readonly clock: Clock
  readonly chance: Chance
  /** For connecting and handshake, of each attempt and of `open`. */
  readonly connectTimeoutMs: number
  /** False: no subscriber connection (a cache without memory). */
  readonly withBus: boolean
}

/** What a store on these servers must know. */
export interface StorePlace {
  readonly partitions: number
  readonly database: number
  readonly publish: 'PUBLISH' | 'SPUBLISH'
}

export type StoreMaker = (nodes: Nodes, place: StorePlace) => Store

export class RedisRemote implements Remote {
  readonly kind = 'redis'
  readonly store: Store
  readonly bus: Bus | undefined
  readonly #topology: Topology
  readonly #clock: Clock
  readonly #connectTimeoutMs: number
  #life: 'new' | 'open' | 'closed' = 'new'
  /** Called at each change that could end the wait of `open`. */
  #settled: () => void = () => {}

  constructor(remote: RedisRemoteOptions, makeStore: StoreMaker) {
    const { redis, clock, chance, namespace, connectTimeoutMs, withBus } = remote
    const { options, cluster } = resolveRedisTarget(redis, connectTimeoutMs)
    const isCluster = cluster !== undefined
    const partitions = remote.partitions ?? (isCluster ? CLUSTER_PARTITIONS : 1)
    const hasFailover = isCluster || Boolean(options.sentinels)
    const shared = { options, clock, chance, connectTimeoutMs, namespace, partitions, withBus }
    const node = { ...shared, hasFailover, isCluster }
    this.#clock = clock
    this.#connectTimeoutMs = connectTimeoutMs
    this.#topology = isCluster ? new Cluster(node, cluster) : new OneServer(node)
    const database = options.db ?? 0
    const resubscribe = this.#topology.resubscribe.bind(this.#topology)
    this.bus = withBus ? { database, resubscribe } : undefined
    const publish = isCluster ? 'SPUBLISH' : 'PUBLISH'
    this.store = makeStore(this.#topology.nodes, { partitions, database, publish })
  }

  async open(process: string, listener: StoreListener & BusListener): Promise<void> {
    if (this.#life !== 'new') throw new Error(`expected a new remote, this one is ${this.#life}`)
    this.#life = 'open'
    this.#topology.open(process, {
      up: (partition, connected) => {
        listener.up(partition, connected)
        this.#settled()
      },
      down: (partition, reason) => listener.down(partition, reason),
      subscribed: (partition, subscribed) => {
        listener.subscribed(partition, subscribed)
        this.#settled()
      },
      unsubscribed: (partition, reason) => listener.unsubscribed(partition, reason),
      message: (partition, text) => listener.message(partition, text),
      direct: (partition, text) => listener.direct(partition, text),
    })
    await this.#connectedOrLate()
  }

  async close(): Promise<void> {
    this.#life = 'closed'
    this.#settled()
    await this.#topology.close()
  }

  #connectedOrLate(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.timer(this.#connectTimeoutMs, resolve)
      this.#settled = () => {
        if (this.#life === 'open' && !this.#topology.isReady) return
        timer.cancel()
        resolve()
      }
    })
  }
}
