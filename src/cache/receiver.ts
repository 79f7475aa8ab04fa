/**
 * What arrives on the bus is applied here, synchronously and in order, own messages
 * included (PROTOCOL 3.4, Receiver; 4, L1 side). The number of a message is taken
 * first: should it be out of turn, everything held is a suspect before it is applied.
 */
import { type Sightings, wishesInWords } from '../coherence/index.ts'
import { type BarrierAsk, StoreFault } from '../core/contracts/store.ts'
import { type ActiveMessage, type Message, parseMessage, type SetMessage } from '../core/message.ts'
import { serviceOf } from '../core/origin.ts'
import type { InvalidateEvent } from '../core/outcome.ts'
import type { Activity } from './activity.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { PatternEvictor } from './pattern-evictor.ts'
import type { Replayer } from './replayer.ts'

export interface ReceiverParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly patternEvictor: PatternEvictor
  readonly activity: Activity
  readonly replayer: Replayer
  /** With shadow reads. */
  readonly sightings: Sightings | undefined
}

export class Receiver {
  readonly #parts: ReceiverParts
  readonly #database: number

  constructor(parts: ReceiverParts) {
    this.#parts = parts
    this.#database = parts.engine.remote.bus?.database ?? 0
  }

  receive(partition: number, text: string): void {
    const message = parseMessage(text, this.#database)
    if (message === 'otherDatabase') return
    const { engine, replayer } = this.#parts
    const known = partitionAt(engine, partition)
    const { trust } = known
    if (message === 'unknownWire') {
      trust.lose('unknown wire version')
      return
    }
    // Anybody can publish on a channel; what isn't a message says nothing.
    if (message === undefined) return
    trust.heard(message)
    this.#apply(known, message)
    replayer.heard(partition, message)
    if (message.barrier !== undefined) this.#acknowledge(partition, message.barrier)
    if (message.kind !== 'active') {
      this.#tell(partition, message, this.#measure(known, message))
    }
  }

  /** How long it has been on its way, as far as that is known. */
  #measure({ serverTime }: Partition, message: Message): number | undefined {
    const { clock, meter } = this.#parts.engine
    const atMs = clock.now()
    const serverMs = message.serverMicros / 1_000
    const lagMs = serverTime.ageMs(serverMs, atMs)
    const keys = message.kind === 'keys' ? message.keys : []
    meter.arrived({ keys, origin: message.origin, lagMs, atMs })
    this.#parts.sightings?.invalidated(keys, serverMs)
    return lagMs
  }

  #apply({ index, groups }: Partition, message: Message): void {
    const { engine, evictor, patternEvictor, activity } = this.#parts
    const { flights } = engine
    switch (message.kind) {
      case 'keys':
        for (const key of message.keys) evictor.evict(key)
        return
      case 'set':
        evictor.evictOlder(message.key, message.order)
        return
      case 'tags':
        for (const tag of message.tags) groups.raiseTag(tag, message.clock)
        flights.closePartition(index)
        return
      case 'floor':
        groups.raiseFloor(message.clock)
        flights.closePartition(index)
        return
      case 'pattern':
        patternEvictor.evict(message.pattern)
        return
      case 'active':
        activity.heard(message.keys)
    }
  }

  /** It is applied: whoever waits for that is told, unless it is this process. */
  #acknowledge(partition: number, barrier: BarrierAsk): void {
    const { store, settings, tasks } = this.#parts.engine
    const { process } = settings
    if (barrier.process === process) return
    const told = store.acknowledge(partition, { barrier, process })
    tasks.run(told.catch(ignoreFault))
  }

  #tell(
    partition: number,
    message: Exclude<Message, ActiveMessage>,
    lagMs: number | undefined,
  ): void {
    const { engine, evictor } = this.#parts
    const { watchers, settings } = engine
    if (!watchers.isWatched) return
    const origin = serviceOf(message.origin)
    const isOwn = message.origin === settings.process
    if (message.kind === 'set') {
      const { key, reason } = message
      const family = evictor.familyOf(key)?.name ?? ''
      watchers.tell({
        kind: 'set',
        via: 'message',
        family,
        key,
        why: undefined,
        origin,
        isOwn,
        reason,
        ms: 0,
        lagMs,
      })
      return
    }
    watchers.tell({
      kind: 'invalidate',
      via: 'message',
      ...inWords(message),
      origin,
      partition,
      isOwn,
      reason: message.reason,
      subject: undefined,
      reached: 0,
      pending: [],
      ms: 0,
      lagMs,
    })
  }
}

/** Who can't be told waits as long as this process may be trusted. */
function ignoreFault(error: unknown): void {
  if (!(error instanceof StoreFault)) throw error
}

function inWords(
  message: Exclude<Message, SetMessage | ActiveMessage>,
): Pick<InvalidateEvent, 'keys' | 'tags'> {
  switch (message.kind) {
    case 'keys':
      return { keys: message.keys, tags: [] }
    case 'pattern':
      return { keys: [message.pattern], tags: [] }
    case 'floor':
      return wishesInWords([{ kind: 'floor' }])
    case 'tags':
      return wishesInWords(message.tags.map((tag) => ({ kind: 'tag', tag })))
  }
}
