/**
 * Keeps one connection of a process alive: when it ends, the next one is dialled after a
 * pause that chance decides, at whatever server is then said to be the primary.
 */
import type { Timer } from '../core/contracts/clock.ts'
import type { Incarnation } from '../core/contracts/store.ts'
import { FaultyConnection } from './faulty-connection.ts'
import type { FaultyRoute } from './faulty-route.ts'
import type { FaultyServer } from './faulty-server.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { VirtualClock } from './virtual-clock.ts'

const retryMsMin = 10
const retryMsMax = 150

export interface UplinkOptions {
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly route: FaultyRoute
  readonly withBus: boolean
  readonly connectTimeoutMs: number
  /** Where the next connection leads. */
  readonly serverOf: () => FaultyServer
}

export interface UplinkEvents {
  opened(connection: FaultyConnection, incarnation: Incarnation): void
  /** It was open. */
  closed(reason: string): void
  message(partition: number, text: string): void
  direct(partition: number, text: string): void
}

export class FaultyUplink {
  readonly #options: UplinkOptions
  readonly #events: UplinkEvents
  #process = ''
  #connection: FaultyConnection | undefined
  #timer: Timer | undefined
  #isOpen = false
  #hasEnded = false

  constructor(options: UplinkOptions, events: UplinkEvents) {
    this.#options = options
    this.#events = events
  }

  open(process: string): void {
    this.#process = process
    this.#dial()
  }

  /** Ends the present connection at once. */
  reconnect(reason: string): void {
    this.#connection?.close(reason)
  }

  /** No event after this. */
  close(): void {
    this.#hasEnded = true
    this.#timer?.cancel()
    this.#connection?.close('closed by this process')
  }

  #dial(): void {
    const { clock, route, withBus, serverOf, connectTimeoutMs } = this.#options
    const process = this.#process
    this.#isOpen = false
    const options = { server: serverOf(), route, clock, process, withBus }
    const connection = new FaultyConnection(options, {
      opened: (opened, incarnation) => {
        this.#timer?.cancel()
        this.#isOpen = true
        this.#events.opened(opened, incarnation)
      },
      closed: (reason) => this.#closed(reason),
      message: (partition, text) => this.#events.message(partition, text),
      direct: (partition, text) => this.#events.direct(partition, text),
    })
    this.#connection = connection
    const late = () => connection.close(`not connected within ${connectTimeoutMs} ms`)
    this.#timer = clock.timer(connectTimeoutMs, late)
  }

  #closed(reason: string): void {
    this.#connection = undefined
    this.#timer?.cancel()
    if (this.#hasEnded) return
    const { clock, chance } = this.#options
    this.#timer = clock.timer(chance.between(retryMsMin, retryMsMax), () => this.#dial())
    if (this.#isOpen) this.#events.closed(reason)
  }
}
