/** Listens to the invalidation channels of a cache, on all of its nodes, and answers nothing. */
import { Redis } from 'ioredis'
import { StaleproofError } from '../../core/errors.ts'
import { type Message, parseMessage } from '../../core/message.ts'
import { allPartitionNames } from '../../core/slot-names.ts'
import { isCluster, nodeOfKey } from '../../inspect/index.ts'
import type { Flags } from '../command.ts'
import { redisAddress } from '../connection/address.ts'
import { agreedOn } from '../connection/agreed.ts'
import type { Server } from '../connection/server.ts'

export interface BusListener {
  message(message: Message): void
  lost(reason: string): void
  back(): void
  /** Of another wire version. */
  foreign(): void
}

/** A node of a cluster, with the channels of its partitions. */
interface Place {
  readonly host: string
  readonly port: number
  readonly channels: readonly string[]
}

const connectMsMax = 5_000
const retryMs = 500

export class Bus {
  readonly #listener: BusListener
  readonly #links: Redis[] = []
  #isOpen = false
  #reason = ''

  /** Rejects with `SP_REDIS_DOWN`. */
  static async open(flags: Flags, server: Server, listener: BusListener): Promise<Bus> {
    const bus = new Bus(listener)
    try {
      await bus.#subscribe(redisAddress(flags), server)
    } catch (error) {
      bus.close()
      throw bus.#fault(error)
    }
    bus.#isOpen = true
    return bus
  }

  constructor(listener: BusListener) {
    this.#listener = listener
  }

  close(): void {
    this.#isOpen = false
    for (const link of this.#links) link.disconnect()
  }

  async #subscribe(address: string, server: Server): Promise<void> {
    const given = new Redis(address, {
      lazyConnect: true,
      connectTimeout: connectMsMax,
      connectionName: 'staleproof-tail',
      maxRetriesPerRequest: null,
      retryStrategy: () => (this.#isOpen ? retryMs : null),
    })
    if (!(await isCluster(server.inspection))) {
      await this.#linked(given).connect()
      await given.psubscribe(`cache:invalidate:{${globLiteral(server.namespace)}:*}`)
      return
    }
    for (const { host, port, channels } of await placesOf(server)) {
      const link = this.#linked(given.duplicate({ host, port }))
      await link.connect()
      // One command, one hash slot.
      for (const channel of channels) await link.ssubscribe(channel)
    }
  }

  #linked(link: Redis): Redis {
    this.#links.push(link)
    const database = link.options.db ?? 0
    link.on('error', (error: Error) => {
      this.#reason = error.message
    })
    link.on('close', () => {
      if (this.#isOpen) this.#listener.lost(this.#reason || 'the server has ended it')
    })
    link.on('ready', () => {
      if (this.#isOpen) this.#listener.back()
    })
    link.on('pmessage', (_pattern: string, _channel: string, text: string) => {
      this.#take(text, database)
    })
    link.on('smessage', (_channel: string, text: string) => this.#take(text, database))
    return link
  }

  #take(text: string, database: number): void {
    const message = parseMessage(text, database)
    if (message === 'unknownWire') this.#listener.foreign()
    else if (message !== undefined && message !== 'otherDatabase') this.#listener.message(message)
  }

  #fault(error: unknown): StaleproofError {
    const received = this.#reason || String(error)
    const expected = received.includes('NOPERM')
      ? "a user that may subscribe: '&cache:invalidate:*' and '+psubscribe'"
      : 'a Redis that answers'
    const details = { expected, received, cause: error }
    return new StaleproofError('SP_REDIS_DOWN', 'the bus could not be heard', details)
  }
}

/** Channels of a cluster belong to hash slots, as keys do. */
async function placesOf(server: Server): Promise<readonly Place[]> {
  const { partitions = 1 } = await agreedOn(server)
  const channels = new Map<string, string[]>()
  for (const { meta, channel } of allPartitionNames(server.namespace, partitions)) {
    const { address } = await nodeOfKey(server.inspection, meta)
    channels.set(address, [...(channels.get(address) ?? []), channel])
  }
  return [...channels].map(([address, own]) => {
    const colon = address.lastIndexOf(':')
    const host = address.slice(0, colon)
    return { host, port: Number(address.slice(colon + 1)), channels: own }
  })
}

function globLiteral(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&')
}
