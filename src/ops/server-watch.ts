/**
 * Looks at the server on a timer as long as anybody asks, once for all who do, and never
 * because of a request: a hundred viewers cost the server what one does.
 */
import type { Clock, Timer } from '../core/contracts/clock.ts'
import {
  type Answer,
  type ClientRow,
  type Inspection,
  pairsOf,
  parseClientList,
  parseInfo,
  parseSlowLog,
  type SlowEntry,
} from '../inspect/index.ts'
import type { RedisAnswer } from './answers.ts'
import { EvictionRate } from './eviction-rate.ts'
import type { KeyBook } from './key-book.ts'
import { KeyCensus } from './key-census.ts'
import { keyTextIn } from './redis-key-index.ts'
import type { ServerLook } from './server-figures.ts'

export const watchCommands: readonly string[] = [
  'info',
  'slowlog|get',
  'client|list',
  'config|get',
  'scan',
  'dbsize',
]

export const lookEveryMs = 5_000
/** Nobody has asked for so long: the looking stops until somebody does. */
export const interestMs = 60_000
/** Listing more costs the server milliseconds. */
const clientsListedMax = 5_000
const clientNamesMax = 100
const slowMax = 32
const slowArgsShown = 3

export interface WatchParts {
  readonly inspection: Pick<Inspection, 'call' | 'pipeline'>
  readonly clock: Clock
  readonly keys: KeyBook
  readonly namespace: string
}

export class ServerWatch {
  readonly #parts: WatchParts
  readonly #census: KeyCensus
  readonly #evictions = new EvictionRate()
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
    const { inspection, clock } = this.#parts
    try {
      const answers = await inspection.pipeline([
        ['info', 'all'],
        ['slowlog', 'get', String(slowMax)],
        ['config', 'get', 'maxmemory-policy'],
        ['config', 'get', 'maxclients'],
      ])
      const withheld = new Set<string>()
      const [info, slow, policy, clientsMax] = [
        'info',
        'slowlog get',
        'config get',
        'config get',
      ].map((name, index) => replyOf(answers[index], name, withheld))
      const parsed = parseInfo(String(info ?? ''))
      const clients = await this.#clients(parsed.number('connected_clients'), withheld)
      const nowMs = clock.now()
      this.#look = {
        atMs: clock.wallMs(),
        info: parsed,
        policy: configured(policy, 'maxmemory-policy'),
        clientsMax: Number(configured(clientsMax, 'maxclients')) || undefined,
        slow: parseSlowLog(slow).map((entry) => this.#slowRow(entry)),
        clients,
        keys: await this.#census.latest(nowMs, withheld),
        evictionsPerHour: this.#evictions.note(nowMs, parsed.number('evicted_keys')),
        withheld: [...withheld],
      }
    } catch {
      // What can't be asked is not known; who asks is told that, and the cache reports its link.
      this.#look = undefined
    }
  }

  async #clients(
    count: number | undefined,
    withheld: Set<string>,
  ): Promise<RedisAnswer['clients']> {
    if (count === undefined || count > clientsListedMax) {
      withheld.add('client list')
      return []
    }
    const [answer] = await this.#parts.inspection.pipeline([['client', 'list']])
    return byName(parseClientList(String(replyOf(answer, 'client list', withheld) ?? '')))
  }

  /** Arguments may be values, so only keys of ours are shown, and those as they may be. */
  #slowRow({
    id,
    atMs,
    amount,
    command,
    args,
    clientName,
  }: SlowEntry): RedisAnswer['slow'][number] {
    const slots = args.filter((arg) => arg.startsWith(`{${this.#parts.namespace}:`))
    const shown = slots.slice(0, slowArgsShown).map((slot) => {
      return slot.includes('}:k:') ? this.#parts.keys.shown(keyTextIn(slot)) : slot
    })
    const others = args.length - shown.length
    const rest = others > 0 ? [`(${others} more)`] : []
    return {
      id,
      atMs,
      us: amount,
      command: [command, ...shown, ...rest].join(' '),
      client: clientName,
    }
  }
}

function replyOf(answer: Answer | undefined, name: string, withheld: Set<string>): unknown {
  if (answer !== undefined && 'reply' in answer) return answer.reply
  withheld.add(name)
  return undefined
}

function configured(reply: unknown, name: string): string | undefined {
  const value = pairsOf(reply).get(name)
  return value === undefined ? undefined : String(value)
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
