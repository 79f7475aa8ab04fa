/** The slot store on the embedded server: each method is one step, done when it is called. */
import {
  type AcknowledgeRequest,
  type ActiveRequest,
  type BeatReply,
  type BeatRequest,
  type Connected,
  type DurabilityAsk,
  type FillRequest,
  type FillVerdict,
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
  type TakeAsk,
  type ToldReply,
} from '../core/contracts/store.ts'
import { formatAcknowledged, formatEcho } from '../core/message.ts'
import { partitionOf } from '../core/slot-names.ts'
import type { TakeReply } from '../core/token-bucket.ts'
import type { EmbeddedLink } from './embedded-link.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import type { Step } from './partition.ts'
import { beat } from './scripts/beat.ts'
import { fill } from './scripts/fill.ts'
import { invalidate } from './scripts/invalidate.ts'
import { lease } from './scripts/lease.ts'
import { lock, unlock } from './scripts/lock.ts'
import { place } from './scripts/place.ts'
import { raise } from './scripts/raise.ts'
import { read } from './scripts/read.ts'
import { release } from './scripts/release.ts'
import { renew } from './scripts/renew.ts'
import { replace } from './scripts/replace.ts'
import { scan } from './scripts/scan.ts'
import { set } from './scripts/set.ts'
import { take } from './scripts/take.ts'
import { tellActive, tellPattern } from './scripts/tell-pattern.ts'

export class EmbeddedStore implements Store {
  readonly #server: EmbeddedServer
  readonly #link: EmbeddedLink

  constructor(server: EmbeddedServer, link: EmbeddedLink) {
    this.#server = server
    this.#link = link
  }

  get partitions(): number {
    return this.#server.partitions
  }

  connectedOf(_partition: number): Connected | undefined {
    return this.#link.connected
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions)
  }

  reconnect(_partition: number, reason: string): void {
    this.#link.reconnect(reason)
  }

  async read(partition: number, query: ReadQuery): Promise<ReadReply> {
    return read(this.#step(partition), query)
  }

  async lease(partition: number, request: LeaseRequest): Promise<LeaseReply> {
    return lease(this.#step(partition), request)
  }

  async fill(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return fill(this.#step(partition), request)
  }

  async replace(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return replace(this.#step(partition), request)
  }

  async renew(
    partition: number,
    held: readonly LeaseHeld[],
    leaseMs: number,
  ): Promise<readonly boolean[]> {
    return renew(this.#step(partition), held, leaseMs)
  }

  async release(partition: number, held: readonly LeaseHeld[]): Promise<void> {
    release(this.#step(partition), held)
  }

  async set(partition: number, request: SetRequest): Promise<SetReply> {
    return set(this.#step(partition), request, this.#server.database)
  }

  async invalidate(partition: number, request: InvalidateRequest): Promise<ToldReply> {
    const step = this.#step(partition)
    const stamp = this.#link.connected?.stamp ?? ''
    return invalidate(step, request, { stamp, database: this.#server.database })
  }

  async raise(partition: number, request: RaiseRequest): Promise<RaiseReply> {
    return raise(this.#step(partition), request, this.#server.database)
  }

  async place(partition: number, request: PlaceRequest): Promise<ToldReply> {
    return place(this.#step(partition), request, this.#server.database)
  }

  async tellPattern(partition: number, request: PatternRequest): Promise<ToldReply> {
    return tellPattern(this.#step(partition), request, this.#server.database)
  }

  async tellActive(partition: number, request: ActiveRequest): Promise<ToldReply> {
    return tellActive(this.#step(partition), request, this.#server.database)
  }

  async acknowledge(partition: number, request: AcknowledgeRequest): Promise<void> {
    this.#step(partition)
    const { barrier, process } = request
    const text = formatAcknowledged({ barrierId: barrier.id, process }, this.#server.database)
    this.#server.tell(barrier.process, partition, text)
  }

  async *scan(pattern: string): AsyncGenerator<readonly string[], void> {
    for (let partition = 0; partition < this.partitions; partition++) {
      yield* scan(this.#step(partition), pattern)
    }
  }

  async lock(partition: number, request: LockRequest): Promise<LockReply> {
    return lock(this.#step(partition), request)
  }

  async unlock(partition: number, request: Pick<LockRequest, 'name' | 'token'>): Promise<boolean> {
    return unlock(this.#step(partition), request)
  }

  async take(partition: number, asks: readonly TakeAsk[]): Promise<readonly TakeReply[]> {
    return take(this.#step(partition), asks)
  }

  /** There is nothing behind this server that could lose what it has. */
  async replicated(_partition: number, { replicas }: DurabilityAsk): Promise<number> {
    return replicas
  }

  async beat(partition: number, request: BeatRequest): Promise<BeatReply> {
    const beaten = beat(this.#step(partition), request)
    const { incarnation, database } = this.#server
    const { epoch, seq } = beaten
    const echo = { nonce: request.nonce, runId: incarnation.runId, epoch, seq }
    this.#server.tell(request.process, partition, formatEcho(echo, database))
    return { ...incarnation, ...beaten }
  }

  #step(partition: number): Step {
    if (this.#link.connected === undefined) throw new StoreFault('down', 'not connected')
    return this.#server.step(partition)
  }
}
