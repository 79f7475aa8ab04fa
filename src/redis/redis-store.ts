/**
 * The slot store on one Redis node: each method is one script, or for `read` one pipeline
 * of native commands, because scripts on hits would cost several times as much.
 *
 * Scripts are sent by digest; a server that doesn't know one gets its text. Commands leave
 * in the order of the calls, so that what this process does to a slot happens in that order.
 */
import type {
  Announcement,
  BeatReply,
  BeatRequest,
  Connected,
  FillRequest,
  FillVerdict,
  InvalidateReply,
  InvalidateRequest,
  LeaseHeld,
  LeaseReply,
  LeaseRequest,
  RaiseReply,
  RaiseRequest,
  ReadQuery,
  ReadReply,
  SetReply,
  SetRequest,
  Store,
} from '../core/contracts/store.ts'
import { encodeNote, keysBody, setBody } from '../core/message.ts'
import { headBytesMax, parseHead } from '../core/slot.ts'
import { type PartitionNames, partitionNames, partitionOf } from '../core/slot-names.ts'
import type { Commander } from './commander.ts'
import * as replies from './replies.ts'
import {
  BEAT,
  FILL,
  INVALIDATE,
  LEASE,
  RAISE,
  RELEASE,
  RENEW,
  REPLACE,
  type Script,
  SET,
} from './scripts/index.ts'

/** Longer texts are staged natively and renamed by the script: Lua copies its arguments. */
const STAGED_CHARS_MIN = 16_384
/** A staged text that no script came for is gone after this. */
const STAGED_MS = 5000

export interface RedisStoreOptions {
  readonly namespace: string
  readonly partitions: number
  /** Logical database of the connection. */
  readonly database: number
  /** SPUBLISH in a cluster. Default PUBLISH. */
  readonly publish?: 'PUBLISH' | 'SPUBLISH'
}

type Command = [string, ...(string | number)[]]

export class RedisStore implements Store {
  readonly partitions: number
  readonly #commander: Commander
  readonly #options: RedisStoreOptions
  readonly #names: readonly PartitionNames[]

  constructor(commander: Commander, options: RedisStoreOptions) {
    const { namespace, partitions } = options
    this.partitions = partitions
    this.#commander = commander
    this.#options = options
    this.#names = Array.from({ length: partitions }, (_, at) => partitionNames(namespace, at))
  }

  get connected(): Connected | undefined {
    return this.#commander.connected
  }

  partitionOf(key: string): number {
    return partitionOf(key, this.partitions)
  }

  reconnect(reason: string): void {
    this.#commander.reconnect(reason)
  }

  async read(partition: number, query: ReadQuery): Promise<ReadReply> {
    const { slot, meta } = this.#named(partition)
    const heads = query.heads.map((key): Command => ['GETRANGE', slot + key, 0, headBytesMax - 1])
    const groups: Command[] = [['HMGET', meta, '#e', '#f', ...query.tags], ['TIME']]
    const keys = query.keys.map((key) => slot + key)
    const slots: Command[] = keys.length === 0 ? [] : [['MGET', ...keys]]
    return replies.readReply(query, await this.#pipeline([...slots, ...heads, ...groups]))
  }

  async lease(partition: number, request: LeaseRequest): Promise<LeaseReply> {
    const { slot, meta } = this.#named(partition)
    const { stamp, newEpoch, leaseMs, asks } = request
    const keys = [meta, ...asks.map((ask) => slot + ask.key)]
    const args = asks.flatMap((ask) => [ask.token, ask.schema, ask.voidFid ?? ''])
    return replies.leaseReply(await this.#run(LEASE, keys, [stamp, newEpoch, leaseMs, ...args]))
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
    const { slot } = this.#named(partition)
    const keys = held.map((lease) => slot + lease.key)
    const tokens = held.map((lease) => lease.token)
    return replies.renewReply(await this.#run(RENEW, keys, [leaseMs, ...tokens]))
  }

  async release(partition: number, held: readonly LeaseHeld[]): Promise<void> {
    const { slot } = this.#named(partition)
    const keys = held.map((lease) => slot + lease.key)
    const tokens = held.map((lease) => lease.token)
    await this.#run(RELEASE, keys, tokens)
  }

  async set(partition: number, request: SetRequest): Promise<SetReply> {
    const { slot, meta } = this.#named(partition)
    const { stamp, newEpoch, fid, order, schema, lifeMs, tail, mayFillEmpty } = request
    const body = setBody(request.key, order)
    const value = [fid, order, schema, lifeMs, tail, mayFillEmpty ? 1 : 0, ...request.tags]
    const args = [...this.#announcement(partition, request, body), stamp, newEpoch, ...value]
    return replies.setReply(await this.#run(SET, [meta, slot + request.key], args))
  }

  /** A value of another incarnation than the connection has proven is never kept. */
  async invalidate(partition: number, request: InvalidateRequest): Promise<InvalidateReply> {
    const { slot, meta } = this.#named(partition)
    const { asks } = request
    const body = keysBody(asks.map((ask) => ask.key))
    const keys = [meta, ...asks.map((ask) => slot + ask.key)]
    const orders = asks.flatMap((ask) => [ask.order, ask.keepsOrder ? 1 : 0, ask.floorMs])
    const stamp = this.connected?.stamp ?? ''
    const args = [...this.#announcement(partition, request, body), stamp, ...orders]
    return replies.invalidateReply(await this.#run(INVALIDATE, keys, args))
  }

  async raise(partition: number, request: RaiseRequest): Promise<RaiseReply> {
    const { meta } = this.#named(partition)
    const args = [...this.#announcement(partition, request, ''), request.newEpoch]
    return replies.raiseReply(await this.#run(RAISE, [meta], [...args, ...request.tags]))
  }

  async beat(partition: number, request: BeatRequest): Promise<BeatReply> {
    const { beat, meta, registry } = this.#named(partition)
    const { nonce, trustMs, settings, registryMs, process, isFirst } = request
    const { database, publish = 'PUBLISH' } = this.#options
    const first = isFirst ? '1' : '0'
    const args = [nonce, trustMs, settings, registryMs, process, database, publish, first]
    return replies.beatReply(await this.#run(BEAT, [beat + process, meta, registry], args))
  }

  async #store(
    script: Script,
    partition: number,
    { stamp, epoch, clock, fills }: FillRequest,
  ): Promise<readonly FillVerdict[]> {
    const { slot, meta, stage } = this.#named(partition)
    const keys = [meta, ...fills.map((fill) => slot + fill.key)]
    const args: (string | number)[] = [stamp, epoch, clock, fills.length]
    const staging: Command[] = []
    for (const { expected, order, lifeMs, bornMs, elapsedMs, text, tags } of fills) {
      const fid = text.length < STAGED_CHARS_MIN ? undefined : fidOf(text)
      if (fid !== undefined) {
        keys.push(stage + fid)
        staging.push(['SET', stage + fid, text, 'PX', STAGED_MS])
      }
      const given = fid === undefined ? text : ''
      args.push(expected, order, lifeMs, bornMs, elapsedMs, given, tags.length, ...tags)
    }
    if (staging.length === 0) return replies.fillReply(await this.#run(script, keys, args))
    const answers = await this.#pipeline([...staging, byDigest(script, keys, args)])
    const answer = answers.at(-1)
    const reply = isNoScript(answer) ? await this.#runText(script, keys, args) : answer
    return replies.fillReply(reply)
  }

  #named(partition: number): PartitionNames {
    return this.#names[partition] ?? partitionNames(this.#options.namespace, partition)
  }

  #announcement(partition: number, { origin, reason }: Announcement, body: string) {
    const { database, publish = 'PUBLISH' } = this.#options
    const { channel } = this.#named(partition)
    return [database, publish, channel, encodeNote(origin), encodeNote(reason), body]
  }

  async #run(script: Script, keys: string[], args: (string | number)[]): Promise<unknown> {
    try {
      const [command, ...rest] = byDigest(script, keys, args)
      return await this.#commander.send(command, rest)
    } catch (error) {
      if (!isNoScript(error)) throw replies.faultOf(error)
    }
    return this.#runText(script, keys, args)
  }

  async #runText(script: Script, keys: string[], args: (string | number)[]): Promise<unknown> {
    try {
      return await this.#commander.send('EVAL', [script.text, keys.length, ...keys, ...args])
    } catch (error) {
      throw replies.faultOf(error)
    }
  }

  async #pipeline(commands: Command[]): Promise<unknown[]> {
    try {
      return await this.#commander.pipeline(commands)
    } catch (error) {
      throw replies.faultOf(error)
    }
  }
}

function byDigest(script: Script, keys: string[], args: (string | number)[]): Command {
  return ['EVALSHA', script.digest, keys.length, ...keys, ...args]
}

/** A text without one can't be read back, and is not worth staging. */
function fidOf(text: string): string | undefined {
  const slot = parseHead(text)
  return slot?.kind === 'value' ? slot.fid : undefined
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
