/**
 * A server of slots inside this process, with the texts, the rules and the incarnations of
 * a Redis: one for each namespace, shared by the caches that open it. Its time is the wall
 * clock it is given; every step sees one instant and is atomic, because nothing awaits in it.
 *
 * Tests do to it what the world does to a Redis: `flush`, `evict`, `restart`.
 */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Incarnation } from '../core/contracts/store.ts'
import { partitionOf } from '../core/slot-names.ts'
import { stampOf } from '../core/stamp.ts'
import { type GroupRecord, newRegistry, Partition, type Step } from './partition.ts'
import { charsMaxDefault, SlotMap } from './slot-map.ts'

export interface EmbeddedServerOptions {
  readonly clock: Clock
  /** For the ids of incarnations. */
  readonly chance: Chance
  /** Default 1. */
  readonly partitions?: number
  /** Characters of all slots of a partition together; the oldest are evicted. Default 64 M. */
  readonly charsMax?: number
  /** Begins with the data of another one: a replica that is promoted, or a file read again. */
  readonly copyOf?: EmbeddedServer
}

/** One process that listens; `process` names its private channel. */
export interface Subscriber {
  readonly process: string
  message(partition: number, text: string): void
  direct(partition: number, text: string): void
}

export class EmbeddedServer {
  /** There are no logical databases. */
  readonly database = 0
  readonly partitions: number
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #spaces: readonly Partition[]
  readonly #subscribers = new Set<Subscriber>()
  /** Called when their connection ends because the server does. */
  readonly #connections = new Set<(reason: string) => void>()
  #incarnation: Incarnation

  constructor(options: EmbeddedServerOptions) {
    const { clock, chance, partitions = 1, charsMax = charsMaxDefault, copyOf } = options
    this.partitions = copyOf?.partitions ?? partitions
    this.#clock = clock
    this.#chance = chance
    this.#spaces = Array.from({ length: this.partitions }, (_, index) =>
      copyOf === undefined
        ? new Partition(new SlotMap(charsMax))
        : copyOf.step(index).partition.copy(),
    )
    this.#incarnation = this.#newIncarnation()
  }

  get incarnation(): Incarnation {
    return this.#incarnation
  }

  /** One atomic step at one instant. */
  step(partition: number): Step {
    const space = this.#spaces[partition]
    if (space === undefined) {
      throw new RangeError(`expected a partition below ${this.partitions}, got ${partition}`)
    }
    const nowMicros = Math.floor(this.#clock.wallMs() * 1000)
    const publish = (text: string) => this.#publish(partition, text)
    return { partition: space, nowMicros, nowMs: nowMicros / 1000, publish }
  }

  /** To one process alone. */
  tell(process: string, partition: number, text: string): void {
    for (const subscriber of this.#subscribers) {
      if (subscriber.process === process) subscriber.direct(partition, text)
    }
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber)
  }

  connect(lost: (reason: string) => void): void {
    this.#connections.add(lost)
  }

  disconnect(lost: (reason: string) => void): void {
    this.#connections.delete(lost)
  }

  /** As FLUSHALL: everything is gone, the incarnation stays. */
  flush(): void {
    for (const space of this.#spaces) space.flush()
  }

  /** As under memory pressure: one slot is gone. */
  evict(key: string): boolean {
    return this.#spaceOf(key).slots.drop(key)
  }

  /** The record of groups of one partition is gone, or another application's key. */
  evictRecord(partition = 0, record: GroupRecord = undefined): void {
    this.step(partition).partition.record = record
  }

  /** The barrier registry of one partition is gone. */
  evictRegistry(partition = 0): void {
    this.step(partition).partition.registry = newRegistry()
  }

  /** A new incarnation: all connections are closed; its data kept, as from a file, or lost. */
  restart(data: 'kept' | 'lost'): void {
    this.#incarnation = this.#newIncarnation()
    if (data === 'lost') this.flush()
    for (const lost of [...this.#connections]) lost('the server has restarted')
  }

  text(key: string): string | undefined {
    return this.#spaceOf(key).slots.cell(key, this.#nowMs())?.text
  }

  /** Milliseconds until it expires, as PTTL: -2 absent, -1 never. */
  ttlMs(key: string): number {
    return this.#spaceOf(key).slots.ttlMs(key, this.#nowMs())
  }

  /** Any text in a slot; undefined: a key of another type. */
  putText(key: string, text: string | undefined, lifeMs: number): void {
    this.#spaceOf(key).slots.put(key, text, { lifeMs, nowMs: this.#nowMs() })
  }

  /** Fields of the record of groups, in any order. */
  recordOf(partition = 0): ReadonlyMap<string, string> {
    const { record } = this.step(partition).partition
    return record === 'foreign' ? new Map() : new Map(record)
  }

  #publish(partition: number, text: string): number {
    for (const subscriber of this.#subscribers) subscriber.message(partition, text)
    return this.#subscribers.size
  }

  #spaceOf(key: string): Partition {
    return this.step(partitionOf(key, this.partitions)).partition
  }

  #nowMs(): number {
    return this.step(0).nowMs
  }

  #newIncarnation(): Incarnation {
    const runId = this.#chance.token()
    return { runId, stamp: stampOf(runId, this.#chance.token()) }
  }
}
