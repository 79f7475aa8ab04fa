/**
 * What arrives on the bus is applied here, synchronously and in order, own messages
 * included (PROTOCOL 3.4, Receiver; 4, L1 side). The number of a message is taken
 * first: should it be out of turn, everything held is a suspect before it is applied.
 */
import { type Message, parseMessage } from '../core/message.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'

export class Receiver {
  readonly #engine: Engine
  readonly #evictor: Evictor
  readonly #database: number

  constructor(engine: Engine, evictor: Evictor) {
    this.#engine = engine
    this.#evictor = evictor
    this.#database = engine.remote.bus?.database ?? 0
  }

  receive(partition: number, text: string): void {
    const message = parseMessage(text, this.#database)
    if (message === 'otherDatabase') return
    const { trust } = partitionAt(this.#engine, partition)
    if (message === 'unknownWire') {
      trust.lose('unknown wire version')
      return
    }
    // Anybody can publish on a channel; what isn't a message says nothing.
    if (message === undefined) return
    trust.heard(message)
    this.#apply(partition, message)
    this.#tell(message)
  }

  #apply(partition: number, message: Message): void {
    const { flights } = this.#engine
    const { groups } = partitionAt(this.#engine, partition)
    switch (message.kind) {
      case 'keys':
        for (const key of message.keys) this.#evictor.evict(key)
        return
      case 'set':
        this.#evictor.evictOlder(message.key, message.order)
        return
      case 'tags':
        for (const tag of message.tags) groups.raiseTag(tag, message.clock)
        flights.closePartition(partition)
        return
      case 'floor':
        groups.raiseFloor(message.clock)
        flights.closePartition(partition)
    }
  }

  #tell(message: Message): void {
    const { watchers } = this.#engine
    if (!watchers.isWatched) return
    if (message.kind === 'set') {
      const { key, origin, reason } = message
      const family = this.#evictor.familyOf(key) ?? ''
      watchers.tell({
        kind: 'set',
        via: 'message',
        family,
        key,
        why: undefined,
        origin,
        reason,
        ms: 0,
      })
      return
    }
    watchers.tell({
      kind: 'invalidate',
      via: 'message',
      keys: message.kind === 'keys' ? message.keys : [],
      tags: message.kind === 'tags' ? message.tags : [],
      origin: message.origin,
      reason: message.reason,
      subject: undefined,
      reached: 0,
      pending: [],
      ms: 0,
    })
  }
}
