/**
 * Redis as the second tier: a command connection, a subscriber connection if messages
 * are wanted, and nothing more whatever the concurrency.
 */
import type { Bus, BusListener } from '../core/contracts/bus.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store, StoreListener } from '../core/contracts/store.ts'
import type { Commander } from './commander.ts'
import { Connection } from './connection.ts'
import { RedisBus } from './redis-bus.ts'
import { type RedisTarget, resolveRedisOptions } from './redis-options.ts'

/** Enough for a handshake across regions, short enough for a process that starts without Redis. */
export const CONNECT_TIMEOUT_MS = 2000

export interface RedisRemoteOptions {
  readonly redis: RedisTarget
  /** What keys and channels have between their braces, before the partition. */
  readonly namespace: string
  readonly partitions: number
  readonly clock: Clock
  readonly chance: Chance
  /** For connecting and handshake, of each attempt and of `open`. Default 2 s. */
  readonly connectTimeoutMs?: number
  /** False: no subscriber connection (a cache without memory). */
  readonly withBus: boolean
}

export type StoreMaker = (commander: Commander, database: number) => Store

export class RedisRemote implements Remote {
  readonly kind = 'redis'
  readonly store: Store
  readonly #commands: Connection
  readonly #bus: RedisBus | undefined
  readonly #clock: Clock
  readonly #connectTimeoutMs: number
  #life: 'new' | 'open' | 'closed' = 'new'
  /** Called at each change that could end the wait of `open`. */
  #settled: () => void = () => {}

  constructor(remote: RedisRemoteOptions, makeStore: StoreMaker) {
    const { redis, clock, chance, namespace, partitions } = remote
    const connectTimeoutMs = remote.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
    const options = resolveRedisOptions(redis, connectTimeoutMs)
    const uplink = { options, clock, chance, connectTimeoutMs }
    const busName = `${options.connectionName}-bus`
    const busOptions = { ...uplink, options: { ...options, connectionName: busName } }
    this.#clock = clock
    this.#connectTimeoutMs = connectTimeoutMs
    this.#commands = new Connection(uplink)
    this.#bus = remote.withBus
      ? new RedisBus({ ...busOptions, namespace, partitions }, this.#commands)
      : undefined
    this.store = makeStore(this.#commands, options.db ?? 0)
  }

  get bus(): Bus | undefined {
    return this.#bus
  }

  async open(process: string, listener: StoreListener & BusListener): Promise<void> {
    if (this.#life !== 'new') throw new Error(`expected a new remote, this one is ${this.#life}`)
    this.#life = 'open'
    this.#commands.open(this.#commandsListener(listener))
    this.#bus?.open(process, this.#busListener(listener))
    await this.#connectedOrLate()
  }

  async close(): Promise<void> {
    this.#life = 'closed'
    this.#settled()
    await Promise.all([this.#bus?.close(), this.#commands.close()])
  }

  #connectedOrLate(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.timer(this.#connectTimeoutMs, resolve)
      this.#settled = () => {
        if (this.#life === 'open' && !this.#isConnected()) return
        timer.cancel()
        resolve()
      }
    })
  }

  #isConnected(): boolean {
    const hasBus = this.#bus === undefined || this.#bus.isSubscribed
    return hasBus && this.#commands.connected !== undefined
  }

  /** The listener hears of a connection before the bus acts on it. */
  #commandsListener(listener: StoreListener): StoreListener {
    return {
      up: (connected) => {
        listener.up(connected)
        this.#bus?.commandsUp(connected)
        this.#settled()
      },
      down: (reason) => listener.down(reason),
    }
  }

  #busListener(listener: BusListener): BusListener {
    return {
      subscribed: (partition, subscribed) => {
        listener.subscribed(partition, subscribed)
        this.#settled()
      },
      unsubscribed: (partition, reason) => listener.unsubscribed(partition, reason),
      message: (partition, text) => listener.message(partition, text),
      direct: (partition, text) => listener.direct(partition, text),
    }
  }
}
