/** The slot store on the embedded server: each method is one step, done when it is called. */
import {
  type BeatReply,
  type BeatRequest,
  type Connected,
  type FillRequest,
  type FillVerdict,
  type InvalidateReply,
  type InvalidateRequest,
  type LeaseHeld,
  type LeaseReply,
  type LeaseRequest,
  type RaiseReply,
  type RaiseRequest,
  type ReadQuery,
  type ReadReply,
  type SetReply,
  type SetRequest,
  type Store,
  StoreFault,
} from '../core/contracts/store.ts'
import { formatEcho } from '../core/message.ts'
import { partitionOf } from '../core/slot-names.ts'
import type { EmbeddedLink } from './embedded-link.ts'
import type { EmbeddedServer } from './embedded-server.ts'
import type { Step } from './partition.ts'
import { beat } from './scripts/beat.ts'
import { fill } from './scripts/fill.ts'
import { invalidate } from './scripts/invalidate.ts'
import { lease } from './scripts/lease.ts'
import { raise } from './scripts/raise.ts'
import { read } from './scripts/read.ts'
import { release } from './scripts/release.ts'
import { renew } from './scripts/renew.ts'
import { replace } from './scripts/replace.ts'
import { set } from './scripts/set.ts'

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

  get connected(): Connected | undefined {
    return this.#link.connected
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions)
  }

  reconnect(reason: string): void {
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

  async invalidate(partition: number, request: InvalidateRequest): Promise<InvalidateReply> {
    const step = this.#step(partition)
    const stamp = this.connected?.stamp ?? ''
    return invalidate(step, request, { stamp, database: this.#server.database })
  }

  async raise(partition: number, request: RaiseRequest): Promise<RaiseReply> {
    return raise(this.#step(partition), request, this.#server.database)
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
    if (this.connected === undefined) throw new StoreFault('down', 'not connected')
    return this.#server.step(partition)
  }
}
