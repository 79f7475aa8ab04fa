/**
 * The connection of a tool to a server that it only looks at. Three things are its own: a
 * command that is not on its list is never sent, every wait has a deadline, and no more is
 * sent in a second than it may. A connection that was lost is dialled again by the next call.
 */
import '../base/fast-texts.ts'
import { Command, Redis, type RedisOptions } from 'ioredis'
import type { Clock } from '../core/contracts/clock.ts'
import { isStaleproofError, StaleproofError } from '../core/errors.ts'
import { systemClock } from '../system.ts'
import { type Answer, isLost, replyOf } from './answer.ts'
import { type Argument, type CommandLine, commandName } from './command-name.ts'
import { commandFault, connectionFault, type Place } from './connection-fault.ts'
import { withDeadline } from './deadline.ts'
import { greet } from './greeting.ts'
import { Pacer } from './pacer.ts'
import {
  addressOf,
  candidatesOf,
  connectionOptions,
  type InspectionTarget,
  type NodeAddress,
} from './target.ts'

/** Commands that travel together, at most. */
export const pipelineMax = 50
const connectTimeoutMsDefault = 2_000
const commandTimeoutMsDefault = 5_000
const commandsPerSecondDefault = 1_000

export interface InspectionOptions {
  /** By which the server lists the connection. */
  readonly name: string
  /** Lower case, subcommands as `config|get`. */
  readonly allowed: readonly string[]
  /** Default 2 s. */
  readonly connectTimeoutMs?: number | undefined
  /** Of a command, or of a pipeline. Default 5 s. */
  readonly commandTimeoutMs?: number | undefined
  /** Default 1,000. Who would wait for longer than `commandTimeoutMs` is refused. */
  readonly commandsPerSecond?: number | undefined
  /** True: reads leave the clocks of eviction as they are, where the server knows how (7.2). */
  readonly noTouch?: boolean | undefined
  /** True: a replica of a cluster is to answer itself. */
  readonly fromReplica?: boolean | undefined
  readonly clock?: Clock | undefined
}

/** Shared by all nodes that one tool looks at. */
interface Shared {
  readonly options: InspectionOptions
  readonly allowed: ReadonlySet<string>
  readonly counts: Map<string, number>
  readonly pacer: Pacer
  readonly clock: Clock
  /** By address: whichever node leads to another, there is one connection to it. */
  readonly nodes: Map<string, Inspection>
}

/** Connected; rejects with `SP_REDIS_DOWN` and the likely cause. */
export async function openInspection(
  target: InspectionTarget,
  options: InspectionOptions,
): Promise<Inspection> {
  const inspection = createInspection(target, options)
  await inspection.connect()
  return inspection
}

/** Dials at the first call. Throws `SP_OPTION_INVALID` where the address can't be read. */
export function createInspection(target: InspectionTarget, options: InspectionOptions): Inspection {
  const clock = options.clock ?? systemClock
  const { commandsPerSecond = commandsPerSecondDefault } = options
  const waitMsMax = options.commandTimeoutMs ?? commandTimeoutMsDefault
  return new Inspection(candidatesOf(target), {
    options,
    allowed: new Set(options.allowed),
    counts: new Map(),
    pacer: new Pacer(clock, { commandsPerSecond, waitMsMax }),
    clock,
    nodes: new Map(),
  })
}

export class Inspection {
  readonly #candidates: readonly RedisOptions[]
  readonly #shared: Shared
  #dialled: Promise<Redis> | undefined
  #redis: Redis | undefined
  #current: RedisOptions
  #isClosed = false

  constructor(candidates: readonly RedisOptions[], shared: Shared) {
    this.#candidates = candidates
    this.#current = candidates[0] ?? {}
    this.#shared = shared
  }

  /** Where it is connected, without secrets. */
  get address(): string {
    return addressOf(this.#current)
  }

  get #place(): Place {
    const { tls, sentinels, enableTLSForSentinelMode } = this.#current
    return { address: this.address, isTls: Boolean(sentinels ? enableTLSForSentinelMode : tls) }
  }

  /** What was sent, to all nodes together. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#shared.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The reply with texts decoded; rejects with `SP_REDIS_REFUSED` or `SP_REDIS_DOWN`. */
  async call(...line: CommandLine): Promise<unknown> {
    const [answer] = await this.#send([line], 'utf8')
    return replyOf(answer)
  }

  /** The same with texts as bytes. */
  async callBytes(...line: CommandLine): Promise<unknown> {
    const [answer] = await this.#send([line], null)
    return replyOf(answer)
  }

  /** At most 50; an error of one is its own. Rejects only where there is no connection. */
  pipeline(lines: readonly CommandLine[]): Promise<readonly Answer[]> {
    return this.#send(lines, 'utf8')
  }

  /** The same with texts as bytes. */
  pipelineBytes(lines: readonly CommandLine[]): Promise<readonly Answer[]> {
    return this.#send(lines, null)
  }

  /** Another node, with the same options; counts and pace are one. Closed with the first one. */
  to({ host, port }: NodeAddress, options: { readonly fromReplica?: boolean } = {}): Inspection {
    const name = addressOf({ host, port })
    const { nodes } = this.#shared
    const known = nodes.get(name)
    if (known) return known
    // The path and the sentinels would win over the host.
    const { path: _path, sentinels: _sentinels, ...given } = this.#current
    const shared = { ...this.#shared, options: { ...this.#shared.options, ...options } }
    const node = new Inspection([{ ...given, host, port }], shared)
    nodes.set(name, node)
    return node
  }

  /** Closes connections to nodes other than these: who lives long sees nodes come and go. */
  keepOnly(addresses: readonly NodeAddress[]): void {
    const kept = new Set(addresses.map(addressOf))
    const { nodes } = this.#shared
    for (const [name, node] of nodes) {
      if (kept.has(name)) continue
      nodes.delete(name)
      node.#end()
    }
  }

  /** Dials if there is no connection. */
  async connect(): Promise<void> {
    await this.#connection()
  }

  /** Ends what is under way, on all nodes; idempotent. */
  async close(): Promise<void> {
    this.#end()
    for (const node of this.#shared.nodes.values()) node.#end()
  }

  #end(): void {
    this.#isClosed = true
    this.#drop()
  }

  async #send(lines: readonly CommandLine[], encoding: 'utf8' | null): Promise<readonly Answer[]> {
    const names = lines.map(commandName)
    this.#refuseForbidden(names)
    await this.#shared.pacer.take(lines.length)
    const redis = await this.#connection()
    const timeoutMs = this.#shared.options.commandTimeoutMs ?? commandTimeoutMsDefault
    const replies = lines.map(async (line, at): Promise<Answer> => {
      const name = names[at] ?? ''
      try {
        return { reply: await this.#write(redis, line, encoding) }
      } catch (error) {
        return { error: commandFault(this.#place, name, error) }
      }
    })
    const answers = await this.#within(timeoutMs, 'answered', Promise.all(replies))
    const lost = answers.find(isLost)
    if (lost && 'error' in lost) throw lost.error
    return answers
  }

  #write(redis: Redis, line: CommandLine, encoding: 'utf8' | null): Promise<unknown> {
    const [command, ...args] = line
    const { counts } = this.#shared
    const name = commandName(line)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    const sent = redis.sendCommand(new Command(command, args, { replyEncoding: encoding }))
    return Promise.resolve(sent)
  }

  #refuseForbidden(names: readonly string[]): void {
    const forbidden = names.find((name) => !this.#shared.allowed.has(name))
    if (forbidden !== undefined) {
      throw new StaleproofError('SP_COMMAND_FORBIDDEN', `This connection never sends ${forbidden}`)
    }
    if (names.length > pipelineMax) {
      throw new StaleproofError('SP_COMMAND_FORBIDDEN', 'A pipeline is too long', {
        expected: `at most ${pipelineMax} commands`,
        received: String(names.length),
      })
    }
  }

  #connection(): Promise<Redis> {
    if (this.#isClosed) return Promise.reject(connectionFault(this.#place, 'closed by the tool'))
    this.#dialled ??= this.#dialAny().catch((error: unknown) => {
      this.#dialled = undefined
      throw error
    })
    return this.#dialled
  }

  async #dialAny(): Promise<Redis> {
    let fault: unknown
    for (const candidate of this.#candidates) {
      this.#current = candidate
      try {
        return await this.#dial(candidate)
      } catch (error) {
        fault = error
      }
    }
    throw fault
  }

  async #dial(candidate: RedisOptions): Promise<Redis> {
    const { name, connectTimeoutMs = connectTimeoutMsDefault } = this.#shared.options
    const redis = new Redis(connectionOptions(candidate, { name, connectTimeoutMs }))
    this.#redis = redis
    let reported: Error | undefined
    redis.on('error', (error: Error) => {
      reported ??= error
    })
    redis.once('end', () => this.#forget(redis))
    try {
      const greeted = redis.connect().then(() => this.#greet(redis))
      await this.#within(connectTimeoutMs, 'connected', greeted)
      return redis
    } catch (error) {
      this.#drop()
      throw isStaleproofError(error) && !reported
        ? error
        : connectionFault(this.#place, reported ?? error)
    }
  }

  #greet(redis: Redis): Promise<void> {
    const { noTouch, fromReplica } = this.#shared.options
    const send = (line: CommandLine) => this.#write(redis, line, 'utf8')
    return greet(send, { database: redis.options.db ?? 0, noTouch, fromReplica })
  }

  /** A connection that did not answer in time is of no use to the next call either. */
  #within<T>(limitMs: number, done: string, work: Promise<T>): Promise<T> {
    const late = (): Error => {
      this.#drop()
      return connectionFault(this.#place, new Error(`not ${done} within ${limitMs} ms`))
    }
    return withDeadline(work, { clock: this.#shared.clock, limitMs, late })
  }

  #forget(redis: Redis): void {
    if (this.#redis !== redis) return
    this.#redis = undefined
    this.#dialled = undefined
  }

  #drop(): void {
    const redis = this.#redis
    if (!redis) return
    this.#forget(redis)
    redis.disconnect()
    // Undefined until there is a socket, whatever the declaration says.
    const socket: Redis['stream'] | undefined = redis.stream
    socket?.destroy()
  }
}

export type { Argument, CommandLine }
