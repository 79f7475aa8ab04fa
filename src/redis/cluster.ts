/**
 * Redis Cluster: two connections to each primary that has one of our partitions, and a
 * route for each partition that follows it from one to the other (PROTOCOL 4, Cluster).
 *
 * Nothing here decides whether a value may be served. A partition that moves is told as
 * down and up again: its new server has another stamp, so its values are void once; and
 * memory is trusted again when that server has echoed.
 */
import type { BusListener, Subscribed } from '../core/contracts/bus.ts'
import { type Connected, StoreFault, type StoreListener } from '../core/contracts/store.ts'
import { hashSlotOf, partitionTag } from '../core/partition-tag.ts'
import { type ClusterMap, nameOf, standingOf } from './cluster-map.ts'
import type { Address, ClusterPlace } from './cluster-options.ts'
import type { Commander } from './commander.ts'
import type { Nodes } from './nodes.ts'
import { PartitionRoute } from './partition-route.ts'
import { RedisNode, type RedisNodeListener, type RedisNodeOptions } from './redis-node.ts'
import { Surveyor } from './surveyor.ts'
import type { Topology } from './topology.ts'

const MOVED = 'the partition is on another server'

export class Cluster implements Topology {
  readonly nodes: Nodes
  readonly #options: RedisNodeOptions
  readonly #routes: readonly PartitionRoute[]
  readonly #surveyor: Surveyor
  /** Of the partitions, in their order. */
  readonly #hashSlots: readonly number[]
  /** By address; each has at least one partition. */
  readonly #members = new Map<string, RedisNode>()
  /** Members that are being closed. */
  readonly #leaving = new Set<Promise<void>>()
  /** Partitions of which the server has sent us elsewhere, until the map has been read. */
  readonly #astray = new Set<number>()
  #listener: (StoreListener & BusListener) | undefined
  #process = ''
  #generation = 0

  constructor(options: RedisNodeOptions, place: ClusterPlace) {
    const { namespace, partitions, clock } = options
    const all = [...Array(partitions).keys()]
    const tags = all.map((partition) => partitionTag(namespace, partition, partitions))
    const nextGeneration = () => this.#nextGeneration()
    this.#options = options
    this.#routes = all.map((partition) => {
      const redirected = (reason: string) => this.#sentAway(partition, reason)
      return new PartitionRoute({ clock, nextGeneration, redirected })
    })
    const listener = {
      read: (map: ClusterMap) => this.#follow(map),
      failed: (reason: string) => this.#leftAway(reason),
    }
    this.#hashSlots = tags.map(hashSlotOf)
    this.#surveyor = new Surveyor({ ...options, place, hashSlots: this.#hashSlots }, listener)
    this.nodes = {
      of: (partition) => this.#routeOf(partition),
      all: () => this.#commanders(),
      standing: () => this.#standing(),
    }
  }

  get isReady(): boolean {
    return this.#routes.every(
      ({ connected, node }, partition) => connected !== undefined && node?.isReady(partition),
    )
  }

  open(process: string, listener: StoreListener & BusListener): void {
    this.#process = process
    this.#listener = listener
    this.#surveyor.request()
  }

  resubscribe(partition: number, reason: string): void {
    this.#routeOf(partition).node?.resubscribe(reason)
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#surveyor.close()
    for (const route of this.#routes) route.close()
    await Promise.all([...this.#members.values()].map((node) => node.close()))
    await Promise.all(this.#leaving)
  }

  #commanders(): readonly Commander[] {
    return [...new Set(this.#routes.map((route) => route.node?.commands ?? route))]
  }

  async #standing(): Promise<string> {
    const replies = this.#commanders().map((node) => node.send('CLUSTER', ['NODES']))
    const texts = (await Promise.all(replies)).map((reply) => standingOf(reply, this.#hashSlots))
    if (!texts.includes(undefined)) return texts.sort().join('\n')
    throw new StoreFault('refused', 'a partition is on its way to another server')
  }

  #follow(map: ClusterMap): void {
    for (const [partition, route] of this.#routes.entries()) {
      const node = this.#memberAt(map.owners[partition])
      if (route.node !== node) {
        this.#stray(partition, MOVED)
        route.node?.remove(partition, MOVED)
        route.lead(node)
      }
      this.#astray.delete(partition)
      const connected = node?.commands.connected
      if (connected !== undefined && route.connected === undefined) this.#up(partition, connected)
      node?.add(partition)
    }
    this.#dismiss()
    if (this.#routes.some(({ connected }) => connected === undefined)) this.#surveyor.request()
  }

  #memberAt(address: Address | undefined): RedisNode | undefined {
    if (address === undefined) return undefined
    const name = nameOf(address)
    const known = this.#members.get(name)
    if (known !== undefined) return known
    const options = { ...this.#options.options, ...address }
    const node = new RedisNode({ ...this.#options, options })
    this.#members.set(name, node)
    node.open(this.#process, this.#listenerOf(node))
    return node
  }

  /** Closes members that no partition is left on. */
  #dismiss(): void {
    const needed = new Set(this.#routes.map(({ node }) => node))
    for (const [name, node] of this.#members) {
      if (needed.has(node)) continue
      this.#members.delete(name)
      const leaving = node.close().finally(() => this.#leaving.delete(leaving))
      this.#leaving.add(leaving)
    }
  }

  #listenerOf(node: RedisNode): RedisNodeListener {
    const partitions = () =>
      [...this.#routes.keys()].filter((partition) => this.#routeOf(partition).node === node)
    return {
      up: (connected) => {
        for (const partition of partitions()) {
          if (!this.#astray.has(partition)) this.#up(partition, connected)
        }
      },
      down: (reason) => {
        for (const partition of partitions()) this.#down(partition, reason)
        this.#surveyor.request()
      },
      movedAway: (partition, reason) => this.#sentAway(partition, reason),
      subscribed: (partition, subscribed) => this.#subscribed(partition, subscribed),
      unsubscribed: (partition, reason) => this.#listener?.unsubscribed(partition, reason),
      message: (partition, text) => this.#listener?.message(partition, text),
      direct: (partition, text) => this.#listener?.direct(partition, text),
    }
  }

  #up(partition: number, connected: Connected): void {
    this.#listener?.up(partition, this.#routeOf(partition).up(connected))
  }

  #down(partition: number, reason: string): void {
    if (this.#routeOf(partition).down(reason)) this.#listener?.down(partition, reason)
  }

  #stray(partition: number, reason: string): void {
    if (this.#routeOf(partition).stray(reason)) this.#listener?.down(partition, reason)
  }

  #sentAway(partition: number, reason: string): void {
    this.#astray.add(partition)
    this.#stray(partition, reason)
    this.#surveyor.request()
  }

  /** Where nobody is known to serve a partition, this is why. */
  #leftAway(reason: string): void {
    for (const route of this.#routes) if (route.node === undefined) route.down(reason)
  }

  /** Numbered here, because two servers would give the same numbers. */
  #subscribed(partition: number, subscribed: Subscribed): void {
    const generation = this.#nextGeneration()
    this.#listener?.subscribed(partition, { ...subscribed, generation })
  }

  #nextGeneration(): number {
    this.#generation += 1
    return this.#generation
  }

  #routeOf(partition: number): PartitionRoute {
    const route = this.#routes[partition]
    if (route === undefined) throw new RangeError(`no partition ${partition}`)
    return route
  }
}
