/**
 * The two connections to one server: commands and, if messages are wanted, a subscriber.
 * The listener hears of a command connection before the subscriber acts on it.
 */
import type { Connected } from '../core/contracts/store.ts'
import { Connection } from './connection.ts'
import { RedisBus, type RedisBusListener } from './redis-bus.ts'
import type { UplinkOptions } from './uplink.ts'

export interface RedisNodeOptions extends UplinkOptions {
  readonly namespace: string
  readonly partitions: number
  /** False: no subscriber connection (a cache without memory). */
  readonly withBus: boolean
  /** Sentinels or a Cluster: a replica may take over. */
  readonly hasFailover: boolean
}

export interface RedisNodeListener extends RedisBusListener {
  up(connected: Connected): void
  down(reason: string): void
}

export class RedisNode {
  readonly commands: Connection
  readonly #bus: RedisBus | undefined

  constructor(node: RedisNodeOptions) {
    const { options } = node
    const connectionName = `${options.connectionName}-bus`
    const busOptions = { ...node, options: { ...options, connectionName } }
    this.commands = new Connection(node)
    this.#bus = node.withBus ? new RedisBus(busOptions, this.commands) : undefined
  }

  open(process: string, listener: RedisNodeListener): void {
    this.commands.open({
      up: (connected) => {
        listener.up(connected)
        this.#bus?.commandsUp(connected)
      },
      down: (reason) => listener.down(reason),
    })
    this.#bus?.open(process, listener)
  }

  /** Commands can be sent, and every message of the partition will arrive. */
  isReady(partition: number): boolean {
    const hasMessages = this.#bus?.isSubscribed(partition) ?? true
    return hasMessages && this.commands.connected !== undefined
  }

  /** Subscribes to the partition; after `open`. */
  add(partition: number): void {
    this.#bus?.add(partition)
  }

  remove(partition: number, reason: string): void {
    this.#bus?.remove(partition, reason)
  }

  resubscribe(reason: string): void {
    this.#bus?.resubscribe(reason)
  }

  async close(): Promise<void> {
    await Promise.all([this.#bus?.close(), this.commands.close()])
  }
}
