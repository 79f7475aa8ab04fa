/**
 * Reads the map of a cluster, whenever it may have changed, from any node that answers.
 *
 * Each reading asks a few nodes at once, and the next one others: a node that is cut off
 * goes on telling the map it knew. The first reading begins at once; those that follow
 * closely wait, longer each time, because a slot may be on its way for minutes.
 */
import '../base/fast-texts.ts'
import { Redis } from 'ioredis'
import type { Timer } from '../core/contracts/clock.ts'
import { type ClusterMap, clusterMap, nameOf } from './cluster-map.ts'
import type { Address, ClusterPlace } from './cluster-options.ts'
import { RETRY_MS_MAX, retryDelayMs, type UplinkOptions } from './uplink.ts'

/** Readings that follow each other quickly: a slot with few keys moves in no time. */
const QUICK_READINGS = 3
/** Nodes asked at once. */
const ASKED_AT_ONCE = 3

export interface SurveyorOptions extends UplinkOptions {
  readonly place: ClusterPlace
  /** Of the partitions, in their order. */
  readonly hashSlots: readonly number[]
}

export interface SurveyorListener {
  read(map: ClusterMap): void
  /** Nobody who was asked has answered; others are asked soon. */
  failed(reason: string): void
}

export class Surveyor {
  readonly #options: SurveyorOptions
  readonly #listener: SurveyorListener
  readonly #asking = new Set<Redis>()
  #known: readonly Address[]
  #turn = 0
  #state: 'idle' | 'waiting' | 'reading' | 'wanted again' | 'closed' = 'idle'
  #timer: Timer | undefined
  #failures = 0
  #readMs = Number.NEGATIVE_INFINITY

  constructor(options: SurveyorOptions, listener: SurveyorListener) {
    this.#options = options
    this.#listener = listener
    this.#known = options.place.seeds
  }

  /** Asks for a reading that begins from now on. */
  request(): void {
    if (this.#state === 'reading') this.#state = 'wanted again'
    if (this.#state !== 'idle') return
    this.#state = 'waiting'
    const { clock, chance } = this.#options
    const isFirst = clock.now() - this.#readMs > RETRY_MS_MAX
    this.#failures = isFirst ? 0 : this.#failures + 1
    const delayMs = isFirst ? 0 : retryDelayMs(this.#failures - QUICK_READINGS, chance.unit())
    const read = () => {
      // A fault of the program, which reading again would not mend.
      this.#read().catch((fault: unknown) => this.#listener.failed(reasonOf(fault)))
    }
    this.#timer = clock.timer(delayMs, read, 'background')
  }

  close(): void {
    this.#state = 'closed'
    this.#timer?.cancel()
    for (const redis of this.#asking) end(redis)
  }

  async #read(): Promise<void> {
    this.#state = 'reading'
    const asked = Promise.any(this.#next().map((node) => this.#ask(node)))
    const map = await asked.catch((error: unknown) => this.#failed(error))
    if (map !== undefined) this.#answered(map)
  }

  #answered(map: ClusterMap): void {
    if (this.#isClosed()) return
    const { seeds } = this.#options.place
    const all = [...map.nodes, ...seeds].map((node): [string, Address] => [nameOf(node), node])
    this.#known = [...new Map(all).values()]
    this.#finished()
    this.#listener.read(map)
  }

  #failed(error: unknown): void {
    if (this.#isClosed()) return
    this.#finished()
    this.#listener.failed(`the map of the cluster can't be read: ${reasonOf(error)}`)
    this.request()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #finished(): void {
    const again = this.#state === 'wanted again'
    this.#state = 'idle'
    this.#readMs = this.#options.clock.now()
    if (again) this.request()
  }

  /** A few nodes, others than the time before where there are so many. */
  #next(): readonly Address[] {
    const count = Math.min(ASKED_AT_ONCE, this.#known.length)
    const from = this.#turn
    this.#turn = (this.#turn + count) % this.#known.length
    return Array.from({ length: count }, (_, at) => (from + at) % this.#known.length).flatMap(
      (at) => this.#known[at] ?? [],
    )
  }

  /** On a connection of its own, because a node that only knows the map may be no primary. */
  async #ask(asked: Address): Promise<ClusterMap> {
    const { options, clock, connectTimeoutMs, hashSlots, place } = this.#options
    const connectionName = `${options.connectionName}-map`
    const redis = new Redis({ ...options, ...asked, connectionName })
    this.#asking.add(redis)
    const deadline = clock.timer(connectTimeoutMs, () => end(redis), 'background')
    // What goes wrong is the rejection below.
    redis.on('error', () => {})
    try {
      await redis.connect()
      const reply = await redis.call('CLUSTER', 'SLOTS')
      const map = clusterMap(reply, { hashSlots, asked, reach: place.reach })
      if (map === undefined) throw new Error(`${nameOf(asked)} knows of no slot of a cluster`)
      return map
    } finally {
      deadline.cancel()
      end(redis)
      this.#asking.delete(redis)
    }
  }
}

/** Without waiting for the peer, which may have vanished. */
function end(redis: Redis): void {
  redis.disconnect()
  // Undefined until there is a socket, whatever the declaration says.
  const socket: Redis['stream'] | undefined = redis.stream
  socket?.destroy()
}

function reasonOf(error: unknown): string {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error]
  return errors.map(String).join('; ')
}
