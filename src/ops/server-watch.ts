/**
 * Looks at the server, of a Cluster at all primaries, on a timer as long as anybody asks, once
 * for all who do, and never because of a request: a hundred viewers cost it what one does.
 */
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { type ClientRow, clusterPrimaries, type SlowEntry } from '../inspect/index.ts'
import type { RedisAnswer } from './answers.ts'
import { EvictionRates } from './eviction-rate.ts'
import type { KeyBook } from './key-book.ts'
import { KeyCensus } from './key-census.ts'
import { lookAt, lookCommands, type NodeLook, slowMax, type WatchNode } from './node-look.ts'
import { keyTextIn } from './redis-key-index.ts'
import type { KeysByFamily, ServerLook } from './server-figures.ts'

export const watchCommands: readonly string[] = [...lookCommands, 'cluster|nodes', 'dbsize', 'scan']

export const lookEveryMs = 5_000
/** Nobody has asked for so long: the looking stops until somebody does. */
export const interestMs = 60_000
const clientNamesMax = 100
const slowArgsShown = 3

export interface WatchParts {
  readonly inspection: WatchNode
  readonly clock: Clock
  readonly keys: KeyBook
  readonly namespace: string
}

/** A node and what it said; the look is undefined where it does not answer. */
interface Looked {
  readonly id: string
  /** As the Cluster names it. */
  readonly address: string
  readonly node: WatchNode
  readonly look: NodeLook | undefined
}

export class ServerWatch {
  readonly #parts: WatchParts
  readonly #census: KeyCensus
  readonly #evictions = new EvictionRates()
  #look: ServerLook | undefined
  #looking: Promise<void> | undefined
  #timer: Timer | undefined
  #askedMs = Number.NEGATIVE_INFINITY
  #isStopped = false

  constructor(parts: WatchParts) {
    this.#parts = parts
    this.#census = new KeyCensus(parts)
  }

  /** The last look, not older than two periods; undefined: the server does not answer. */
  async latest(): Promise<ServerLook | undefined> {
    const nowMs = this.#parts.clock.now()
    const wasWatched = nowMs - this.#askedMs < interestMs
    this.#askedMs = nowMs
    if (!wasWatched || this.#timer === undefined) await this.#take()
    return this.#look
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  #take(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined
      this.#arm()
    })
    return this.#looking
  }

  #arm(): void {
    const { clock } = this.#parts
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.#isStopped || clock.now() - this.#askedMs >= interestMs) return
    this.#timer = clock.timer(lookEveryMs, () => void this.#take(), 'background')
  }

  async #lookOnce(): Promise<void> {
    try {
      this.#look = await this.#lookAround()
    } catch {
      // What can't be asked is not known; who asks is told that, and the cache reports its link.
      this.#look = undefined
    }
  }

  async #lookAround(): Promise<ServerLook | undefined> {
    const { clock } = this.#parts
    const looked = await this.#lookedAt()
    const answering = looked.flatMap(({ look }) => look ?? [])
    if (answering.length === 0) return undefined
    const withheld = new Set(answering.flatMap((node) => node.withheld))
    for (const { address, look } of looked) {
      if (look === undefined) withheld.add(`all of the node ${address}, which does not answer`)
    }
    const nowMs = clock.now()
    const evicted = looked.map(({ id, look }) => [id, look?.info.number('evicted_keys')] as const)
    return {
      atMs: clock.wallMs(),
      nodes: looked.map(({ look }) => look),
      slow: answering
        .flatMap(({ address, slow }) => slow.map((entry) => this.#slowRow(entry, address)))
        .sort((left, right) => right.atMs - left.atMs)
        .slice(0, slowMax),
      clients: byName(answering.flatMap(({ clients }) => clients)),
      keys: await this.#keys(nowMs, looked, withheld),
      evictionsPerHour: this.#evictions.note(nowMs, new Map(evicted)),
      withheld: [...withheld],
    }
  }

  /** Undefined: not all can be counted, and a part is never told as the whole. */
  async #keys(
    nowMs: number,
    looked: readonly Looked[],
    withheld: Set<string>,
  ): Promise<KeysByFamily | undefined> {
    if (looked.some(({ look }) => look === undefined)) return undefined
    try {
      return await this.#census.latest(nowMs, looked, withheld)
    } catch {
      // A node that is lost meanwhile takes nothing away from what all have said; it is named.
      withheld.add('scan')
      return undefined
    }
  }

  async #lookedAt(): Promise<readonly Looked[]> {
    const { inspection } = this.#parts
    const alone = { id: '', address: undefined, node: inspection }
    const nodes = (await clusterPrimaries(inspection)) ?? [alone]
    return Promise.all(
      nodes.map(async ({ id, address: named, node }) => {
        const look = await lookAt(node).catch(() => undefined)
        const address = named ?? node.address
        return { id, address, node, look: look && { ...look, address } }
      }),
    )
  }

  /** Arguments may be values, so only keys of ours are shown, and those as they may be. */
  #slowRow(
    { id, atMs, amount, command, args, clientName }: SlowEntry,
    node: string,
  ): RedisAnswer['slow'][number] {
    const slots = args.filter((arg) => arg.startsWith(`{${this.#parts.namespace}:`))
    const shown = slots.slice(0, slowArgsShown).map((slot) => {
      return slot.includes('}:k:') ? this.#parts.keys.shown(keyTextIn(slot)) : slot
    })
    const others = args.length - shown.length
    const rest = others > 0 ? [`(${others} more)`] : []
    return {
      id,
      node,
      atMs,
      us: amount,
      command: [command, ...shown, ...rest].join(' '),
      client: clientName,
    }
  }
}

function byName(rows: readonly ClientRow[]): RedisAnswer['clients'] {
  const groups = new Map<string, { name: string; count: number; bytes: number }>()
  for (const { name, memoryBytes } of rows) {
    const group = groups.get(name) ?? { name, count: 0, bytes: 0 }
    group.count++
    group.bytes += memoryBytes ?? 0
    groups.set(name, group)
  }
  return [...groups.values()]
    .sort((left, right) => right.count - left.count)
    .slice(0, clientNamesMax)
}
