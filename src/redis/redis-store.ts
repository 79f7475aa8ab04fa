/**
 * The slot store on Redis: each method is one script on the node of its partition, or for
 * `read` one pipeline of native commands, because scripts on hits would cost several times
 * as much. Commands leave in the order of the calls, so that what this process does to a
 * slot happens in that order.
 */
import type {
  AcknowledgeRequest,
  ActiveRequest,
  BeatReply,
  BeatRequest,
  Connected,
  DurabilityAsk,
  FillRequest,
  FillVerdict,
  InvalidateRequest,
  LeaseHeld,
  LeaseReply,
  LeaseRequest,
  LockReply,
  LockRequest,
  PatternRequest,
  PlaceRequest,
  RaiseReply,
  RaiseRequest,
  ReadQuery,
  ReadReply,
  SetReply,
  SetRequest,
  Store,
  TakeAsk,
  ToldReply,
} from '../core/contracts/store.ts'
import { formatAcknowledged, keysBody, patternBody, setBody } from '../core/message.ts'
import { headBytesMax } from '../core/slot.ts'
import { allPartitionNames, type PartitionNames, partitionOf } from '../core/slot-names.ts'
import type { TakeReply } from '../core/token-bucket.ts'
import type { Nodes } from './nodes.ts'
import * as replies from './replies.ts'
import {
  type Command,
  type Running,
  runCommand,
  runPipeline,
  runScript,
  runScriptBehind,
} from './run-script.ts'
import * as given from './script-arguments.ts'
import {
  BEAT,
  FILL,
  INVALIDATE,
  LEASE,
  LOCK,
  PLACE,
  RAISE,
  RELEASE,
  RENEW,
  REPLACE,
  type Script,
  SET,
  TAKE,
  TELL_ACTIVE,
  TELL_PATTERN,
  UNLOCK,
} from './scripts/index.ts'
import { slotScan } from './slot-scan.ts'

export interface RedisStoreOptions {
  readonly namespace: string
  readonly partitions: number
  /** Logical database of the connection. */
  readonly database: number
  /** SPUBLISH in a cluster. */
  readonly publish: 'PUBLISH' | 'SPUBLISH'
}

export class RedisStore implements Store {
  readonly partitions: number
  readonly #nodes: Nodes
  readonly #options: RedisStoreOptions
  readonly #names: readonly PartitionNames[]

  constructor(nodes: Nodes, options: RedisStoreOptions) {
    const { namespace, partitions } = options
    this.partitions = partitions
    this.#nodes = nodes
    this.#options = options
    this.#names = allPartitionNames(namespace, partitions)
  }

  connectedOf(partition: number): Connected | undefined {
    return this.#nodes.of(partition).connected
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions)
  }

  reconnect(partition: number, reason: string): void {
    this.#nodes.of(partition).reconnect(reason)
  }

  async read(partition: number, query: ReadQuery): Promise<ReadReply> {
    const { slot, meta } = this.#named(partition)
    const heads = query.heads.map((key): Command => ['GETRANGE', slot + key, 0, headBytesMax - 1])
    const groups: Command[] = [['HMGET', meta, '#e', '#f', ...query.tags], ['TIME']]
    const keys = query.keys.map((key) => slot + key)
    const slots: Command[] = keys.length === 0 ? [] : [['MGET', ...keys]]
    const commands = [...slots, ...heads, ...groups]
    return replies.readReply(query, await runPipeline(this.#nodes.of(partition), commands))
  }

  async lease(partition: number, request: LeaseRequest): Promise<LeaseReply> {
    const { slot, meta } = this.#named(partition)
    const { stamp, newEpoch, leaseMs, asks } = request
    const keys = [meta]
    for (const { key } of asks) keys.push(slot + key)
    const args = [stamp, newEpoch, leaseMs, ...given.leaseArguments(asks)]
    const reply = await this.#run(partition, { script: LEASE, keys, args })
    return replies.leaseReply(reply)
  }

  fill(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return this.#store(FILL, partition, request)
  }

  replace(partition: number, request: FillRequest): Promise<readonly FillVerdict[]> {
    return this.#store(REPLACE, partition, request)
  }

  async renew(
    partition: number,
    held: readonly LeaseHeld[],
    leaseMs: number,
  ): Promise<readonly boolean[]> {
    const keys = this.#slots(partition, held)
    const tokens = held.map((lease) => lease.token)
    return replies.renewReply(
      await this.#run(partition, { script: RENEW, keys, args: [leaseMs, ...tokens] }),
    )
  }

  async release(partition: number, held: readonly LeaseHeld[]): Promise<void> {
    const tokens = held.map((lease) => lease.token)
    await this.#run(partition, {
      script: RELEASE,
      keys: this.#slots(partition, held),
      args: tokens,
    })
  }

  async set(partition: number, request: SetRequest): Promise<SetReply> {
    const names = this.#named(partition)
    const body = setBody(request.key, request.order)
    const args = [
      ...given.announcement(this.#options, names, request, body),
      ...given.setArguments(request),
    ]
    const keys = [names.meta, names.slot + request.key]
    return replies.setReply(await this.#run(partition, { script: SET, keys, args }))
  }

  /** A value of another incarnation than the connection has proven is never kept. */
  async invalidate(partition: number, request: InvalidateRequest): Promise<ToldReply> {
    const names = this.#named(partition)
    const { meta, registry, slot } = names
    const { asks } = request
    const node = this.#nodes.of(partition)
    const keys = [meta, registry]
    const told: string[] = []
    for (const { key } of asks) {
      keys.push(slot + key)
      told.push(key)
    }
    const args = given.announcement(this.#options, names, request, keysBody(told))
    args.push(node.connected?.stamp ?? '', ...given.invalidateArguments(asks))
    // Who waits for all others has a message of its own each time: those leave together.
    const urgency = request.barrier === undefined ? 'now' : 'withTick'
    return replies.toldReply(await runScript(node, { script: INVALIDATE, keys, args, urgency }))
  }

  async raise(partition: number, request: RaiseRequest): Promise<RaiseReply> {
    const names = this.#named(partition)
    const { newEpoch, tags } = request
    const keys = [names.meta, names.registry]
    const args = [...given.announcement(this.#options, names, request, ''), newEpoch, ...tags]
    return replies.raiseReply(await this.#run(partition, { script: RAISE, keys, args }))
  }

  async place(partition: number, request: PlaceRequest): Promise<ToldReply> {
    const { stamp, quarantineMs, asks } = request
    const body = keysBody(asks.map((ask) => ask.key))
    const names = this.#named(partition)
    const keys = [names.meta, ...this.#slots(partition, asks)]
    const head = [...given.announcement(this.#options, names, request, body), stamp, quarantineMs]
    const args = [...head, ...asks.map((ask) => ask.token)]
    return replies.toldReply(await this.#run(partition, { script: PLACE, keys, args }))
  }

  tellPattern(partition: number, request: PatternRequest): Promise<ToldReply> {
    return this.#tell(partition, TELL_PATTERN, request, patternBody(request.pattern))
  }

  tellActive(partition: number, request: ActiveRequest): Promise<ToldReply> {
    return this.#tell(partition, TELL_ACTIVE, request, keysBody(request.keys))
  }

  async acknowledge(partition: number, request: AcknowledgeRequest): Promise<void> {
    const { database, publish } = this.#options
    const { barrier, process } = request
    const channel = this.#named(partition).beat + barrier.process
    const text = formatAcknowledged({ barrierId: barrier.id, process }, database)
    await runCommand(this.#nodes.of(partition), [publish, channel, text])
  }

  scan(pattern: string): AsyncIterable<readonly string[]> {
    const { namespace } = this.#options
    return slotScan(this.#nodes, { namespace, names: this.#names, pattern })
  }

  async lock(partition: number, { name, token, ttlMs }: LockRequest): Promise<LockReply> {
    const { meta, lock } = this.#named(partition)
    return replies.lockReply(
      await this.#run(partition, { script: LOCK, keys: [meta, lock + name], args: [token, ttlMs] }),
    )
  }

  async unlock(
    partition: number,
    { name, token }: Pick<LockRequest, 'name' | 'token'>,
  ): Promise<boolean> {
    const { lock } = this.#named(partition)
    return replies.unlockReply(
      await this.#run(partition, { script: UNLOCK, keys: [lock + name], args: [token] }),
    )
  }

  async take(partition: number, asks: readonly TakeAsk[]): Promise<readonly TakeReply[]> {
    const { bucket } = this.#named(partition)
    const keys = asks.map(({ name }) => bucket + name)
    const args = asks.flatMap(given.takeArguments)
    return replies.takeReply(await this.#run(partition, { script: TAKE, keys, args }))
  }

  /** A timeout of 0 would wait for ever. */
  async replicated(partition: number, { replicas, timeoutMs }: DurabilityAsk): Promise<number> {
    const command: Command = ['WAIT', replicas, Math.max(1, Math.floor(timeoutMs))]
    return replies.countReply(await runCommand(this.#nodes.of(partition), command))
  }

  async beat(partition: number, request: BeatRequest): Promise<BeatReply> {
    const { beat, meta, registry } = this.#named(partition)
    const { nonce, trustMs, settings, registryMs, process, isFirst } = request
    const { database, publish } = this.#options
    const first = isFirst ? '1' : '0'
    const args = [nonce, trustMs, settings, registryMs, process, database, publish, first]
    const keys = [beat + process, meta, registry]
    return replies.beatReply(await this.#run(partition, { script: BEAT, keys, args }))
  }

  async #store(
    script: Script,
    partition: number,
    request: FillRequest,
  ): Promise<readonly FillVerdict[]> {
    const { staging, keys, args } = given.fillArguments(this.#named(partition), request)
    const node = this.#nodes.of(partition)
    return replies.fillReply(await runScriptBehind(node, staging, { script, keys, args }))
  }

  #named(partition: number): PartitionNames {
    const names = this.#names[partition]
    if (names === undefined) throw new RangeError(`no partition ${partition}`)
    return names
  }

  #slots(partition: number, asked: readonly { readonly key: string }[]): string[] {
    const { slot } = this.#named(partition)
    return asked.map(({ key }) => slot + key)
  }

  async #tell(
    partition: number,
    script: Script,
    told: ActiveRequest | PatternRequest,
    body: string,
  ): Promise<ToldReply> {
    const names = this.#named(partition)
    const args = given.announcement(this.#options, names, told, body)
    const keys = [names.meta, names.registry]
    return replies.toldReply(await this.#run(partition, { script, keys, args }))
  }

  #run(partition: number, running: Running): Promise<unknown> {
    return runScript(this.#nodes.of(partition), running)
  }
}
