/** What servers there are and which has which partition: one for all, or a cluster. */
import type { BusListener } from '../core/contracts/bus.ts'
import type { StoreListener } from '../core/contracts/store.ts'
import type { Nodes } from './nodes.ts'
import { oneNode } from './nodes.ts'
import { RedisNode, type RedisNodeOptions } from './redis-node.ts'

export interface Topology {
  readonly nodes: Nodes
  /** Every partition can be commanded and heard. */
  readonly isReady: boolean
  open(process: string, listener: StoreListener & BusListener): void
  resubscribe(partition: number, reason: string): void
  /** Leaves no socket and no timer. */
  close(): Promise<void>
}

/** One server, or the one that Sentinels name. */
export class OneServer implements Topology {
  readonly nodes: Nodes
  readonly #node: RedisNode
  readonly #partitions: readonly number[]

  constructor(options: RedisNodeOptions) {
    this.#node = new RedisNode(options)
    this.#partitions = [...Array(options.partitions).keys()]
    this.nodes = oneNode(this.#node.commands)
  }

  get isReady(): boolean {
    return this.#partitions.every((partition) => this.#node.isReady(partition))
  }

  open(process: string, listener: StoreListener & BusListener): void {
    this.#node.open(process, {
      up: (connected) => {
        for (const partition of this.#partitions) listener.up(partition, connected)
      },
      down: (reason) => {
        for (const partition of this.#partitions) listener.down(partition, reason)
      },
      subscribed: (partition, subscribed) => listener.subscribed(partition, subscribed),
      unsubscribed: (partition, reason) => listener.unsubscribed(partition, reason),
      message: (partition, text) => listener.message(partition, text),
      direct: (partition, text) => listener.direct(partition, text),
      movedAway: () => {},
    })
    for (const partition of this.#partitions) this.#node.add(partition)
  }

  resubscribe(_partition: number, reason: string): void {
    this.#node.resubscribe(reason)
  }

  close(): Promise<void> {
    return this.#node.close()
  }
}
