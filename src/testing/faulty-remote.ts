/**
 * A second tier that fails as the world does: one process's commands and bus, each over a
 * route of its own to servers that may be cut off, replaced, demoted or gone. Give it to a
 * cache in place of Redis.
 */
import { Deferred } from '../base/deferred.ts'
import type { BusListener } from '../core/contracts/bus.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { StoreListener } from '../core/contracts/store.ts'
import { FaultyBus, type MessageFaults } from './faulty-bus.ts'
import type { FaultyRoute } from './faulty-route.ts'
import type { FaultyServer } from './faulty-server.ts'
import { FaultyStore } from './faulty-store.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface FaultyRemoteOptions {
  /** Of this process. */
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly partitions: number
  readonly commands: FaultyRoute
  readonly bus: FaultyRoute
  readonly faults: MessageFaults
  /** Where a new connection leads. */
  readonly serverOf: () => FaultyServer
  readonly connectTimeoutMs: number
  readonly unansweredMsMax: number
  readonly lostTailMs: number | undefined
}

export class FaultyRemote implements Remote {
  readonly kind = 'redis'
  readonly store: FaultyStore
  readonly bus: FaultyBus
  readonly #options: FaultyRemoteOptions

  constructor(options: FaultyRemoteOptions) {
    this.#options = options
    const { commands, bus, ...shared } = options
    this.store = new FaultyStore({ ...shared, route: commands, withBus: false })
    this.bus = new FaultyBus({ ...shared, route: bus, withBus: true }, this.store)
  }

  async open(process: string, listener: StoreListener & BusListener): Promise<void> {
    const { clock, connectTimeoutMs } = this.#options
    const opened = new Deferred<void>()
    const timer = clock.timer(connectTimeoutMs, () => opened.resolve())
    const check = () => {
      if (this.store.connectedOf(0) !== undefined && this.bus.isSubscribed) opened.resolve()
    }
    this.store.open(process, {
      up: (partition, connected) => {
        listener.up(partition, connected)
        this.bus.commandsUp()
        check()
      },
      down: (partition, reason) => listener.down(partition, reason),
    })
    this.bus.open(process, {
      subscribed: (partition, subscribed) => {
        listener.subscribed(partition, subscribed)
        check()
      },
      unsubscribed: (partition, reason) => listener.unsubscribed(partition, reason),
      message: (partition, text) => listener.message(partition, text),
      direct: (partition, text) => listener.direct(partition, text),
    })
    await opened.promise
    timer.cancel()
  }

  async close(): Promise<void> {
    this.bus.close()
    this.store.close()
  }
}
