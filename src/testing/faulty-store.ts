/**
 * The slot store of one process behind a faulty route: every method travels to the server,
 * is executed there at one instant, and its answer travels back, unless something ends it.
 */
import {
  type AcknowledgeRequest,
  type ActiveRequest,
  type BeatReply,
  type BeatRequest,
  type Connected,
  type DurabilityAsk,
  type FillRequest,
  type FillVerdict,
  type Incarnation,
  type InvalidateRequest,
  type LeaseHeld,
  type LeaseReply,
  type LeaseRequest,
  type LockReply,
  type LockRequest,
  type PatternRequest,
  type PlaceRequest,
  type RaiseReply,
  type RaiseRequest,
  type ReadQuery,
  type ReadReply,
  type SetReply,
  type SetRequest,
  type Store,
  StoreFault,
  type StoreListener,
  type TakeAsk,
  type ToldReply,
} from '../core/contracts/store.ts'
import { partitionOf } from '../core/slot-names.ts'
import type { TakeReply } from '../core/token-bucket.ts'
import type { FaultyConnection } from './faulty-connection.ts'
import { type Effect, READ_ONLY } from './faulty-server.ts'
import { FaultyUplink, type UplinkOptions } from './faulty-uplink.ts'

export interface FaultyStoreOptions extends UplinkOptions {
  readonly partitions: number
  /** See `Connected`. */
  readonly lostTailMs: number | undefined
  /** A connection on which a command waits for longer is given up. */
  readonly unansweredMsMax: number
}

interface Open {
  readonly connection: FaultyConnection
  readonly connected: Connected
}

export class FaultyStore implements Store {
  readonly #options: FaultyStoreOptions
  readonly #uplink: FaultyUplink
  #listener: StoreListener | undefined
  #open: Open | undefined
  #generation = 0

  constructor(options: FaultyStoreOptions) {
    this.#options = options
    this.#uplink = new FaultyUplink(options, {
      opened: (connection, incarnation) => this.#opened(connection, incarnation),
      closed: (reason) => this.#closed(reason),
      message: () => {},
      direct: () => {},
    })
  }

  get partitions(): number {
    return this.#options.partitions
  }

  /** One server has them all. */
  connectedOf(_partition: number): Connected | undefined {
    return this.#open?.connected
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions)
  }

  open(process: string, listener: StoreListener): void {
    this.#listener = listener
    this.#uplink.open(process)
  }

  close(): void {
    this.#listener = undefined
    this.#uplink.close()
    this.#open = undefined
  }

  reconnect(_partition: number, reason: string): void {
    if (this.#open !== undefined) this.#uplink.reconnect(reason)
  }

  read(partition: number, query: ReadQuery): Promise<ReadReply> {
    return this.#ask('reads', (store) => store.read(partition, query))
  }

  lease(partition: number, request: LeaseRequest): Promise<LeaseReply> {
    return this.#ask('needsMemory', (store) => store.lease(partition, request))
  }

  fill(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return this.#ask('needsMemory', (store) => store.fill(partition, request))
  }

  replace(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return this.#ask('needsMemory', (store) => store.replace(partition, request))
  }

  renew(
    partition: number,
    held: readonly LeaseHeld[],
    leaseMs: number,
  ): Promise<readonly boolean[]> {
    return this.#ask('frees', (store) => store.renew(partition, held, leaseMs))
  }

  release(partition: number, held: readonly LeaseHeld[]): Promise<void> {
    return this.#ask('frees', (store) => store.release(partition, held))
  }

  set(partition: number, request: SetRequest): Promise<SetReply> {
    return this.#ask('needsMemory', (store) => store.set(partition, request))
  }

  invalidate(partition: number, request: InvalidateRequest): Promise<ToldReply> {
    return this.#ask('frees', (store) => store.invalidate(partition, request))
  }

  raise(partition: number, request: RaiseRequest): Promise<RaiseReply> {
    return this.#ask('frees', (store) => store.raise(partition, request))
  }

  place(partition: number, request: PlaceRequest): Promise<ToldReply> {
    return this.#ask('needsMemory', (store) => store.place(partition, request))
  }

  tellPattern(partition: number, request: PatternRequest): Promise<ToldReply> {
    return this.#ask('frees', (store) => store.tellPattern(partition, request))
  }

  tellActive(partition: number, request: ActiveRequest): Promise<ToldReply> {
    return this.#ask('frees', (store) => store.tellActive(partition, request))
  }

  acknowledge(partition: number, request: AcknowledgeRequest): Promise<void> {
    return this.#ask('reads', (store) => store.acknowledge(partition, request))
  }

  /** On one connection: a cursor means nothing on another. */
  async *scan(pattern: string): AsyncGenerator<readonly string[]> {
    const open = this.#open
    let batches: AsyncIterator<readonly string[]> | undefined
    for (;;) {
      if (open === undefined || open !== this.#open) throw new StoreFault('lost', 'scan cut off')
      const next = await this.#ask('reads', (store) => {
        batches ??= store.scan(pattern)[Symbol.asyncIterator]()
        return batches.next()
      })
      if (next.done) return
      yield next.value
    }
  }

  lock(partition: number, request: LockRequest): Promise<LockReply> {
    return this.#ask('needsMemory', (store) => store.lock(partition, request))
  }

  unlock(partition: number, request: Pick<LockRequest, 'name' | 'token'>): Promise<boolean> {
    return this.#ask('frees', (store) => store.unlock(partition, request))
  }

  take(partition: number, asks: readonly TakeAsk[]): Promise<readonly TakeReply[]> {
    return this.#ask('needsMemory', (store) => store.take(partition, asks))
  }

  replicated(partition: number, ask: DurabilityAsk): Promise<number> {
    return this.#ask('reads', (store) => store.replicated(partition, ask))
  }

  beat(partition: number, request: BeatRequest): Promise<BeatReply> {
    return this.#ask('needsMemory', (store) => store.beat(partition, request))
  }

  #opened(connection: FaultyConnection, incarnation: Incarnation): void {
    const { lostTailMs } = this.#options
    this.#generation += 1
    const { stamp, runId } = incarnation
    const connected = { stamp, runId, generation: this.#generation, lostTailMs }
    this.#open = { connection, connected }
    for (const partition of this.#eachPartition()) this.#listener?.up(partition, connected)
  }

  #closed(reason: string): void {
    this.#open = undefined
    for (const partition of this.#eachPartition()) this.#listener?.down(partition, reason)
  }

  #eachPartition(): Iterable<number> {
    return Array(this.partitions).keys()
  }

  async #ask<T>(effect: Effect, step: (store: Store) => Promise<T>): Promise<T> {
    const open = this.#open
    if (open === undefined) throw new StoreFault('down', 'not connected')
    const { clock, unansweredMsMax } = this.#options
    const giveUp = () => {
      if (this.#open === open)
        this.reconnect(0, `a command is unanswered for ${unansweredMsMax} ms`)
    }
    const timer = clock.timer(unansweredMsMax, giveUp)
    try {
      return await open.connection.ask(effect, step)
    } catch (error) {
      const isDemoted = error instanceof StoreFault && error.message === READ_ONLY
      if (isDemoted && this.#open === open) this.reconnect(0, READ_ONLY)
      throw error
    } finally {
      timer.cancel()
    }
  }
}
