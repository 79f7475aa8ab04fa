/**
 * One connection of a process to a server, over two wires. It lives once: dialling, open,
 * closed. The two sides may disagree about that: what was sent before a close is executed
 * after it, and behind a cut each side goes on believing in the other.
 */
import { Deferred } from '../base/deferred.ts'
import type { BusListener } from '../core/contracts/bus.ts'
import {
  type Incarnation,
  type Store,
  StoreFault,
  type StoreListener,
} from '../core/contracts/store.ts'
import type { FaultyRoute, FaultyWire } from './faulty-route.ts'
import type { Effect, FaultyServer, Guest } from './faulty-server.ts'
import type { Stream, VirtualClock } from './virtual-clock.ts'

/** Called in the process, synchronously and in the order of arrival. */
export interface ConnectionEvents {
  /** The server has said who it is. */
  opened(connection: FaultyConnection, incarnation: Incarnation): void
  /** Once, whether or not it was ever open. */
  closed(reason: string): void
  message(partition: number, text: string): void
  direct(partition: number, text: string): void
}

export interface ConnectionOptions {
  readonly server: FaultyServer
  readonly route: FaultyRoute
  readonly clock: VirtualClock
  /** Names the private channel. */
  readonly process: string
  readonly withBus: boolean
}

export class FaultyConnection implements Guest {
  readonly process: string
  readonly withBus: boolean
  readonly listener: StoreListener & BusListener
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #there: FaultyWire
  readonly #back: FaultyWire
  readonly #stream: Stream
  readonly #unanswered = new Set<Deferred<unknown>>()
  #isClosed = false

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    const { route, process, withBus } = options
    this.#options = options
    this.#events = events
    this.process = process
    this.withBus = withBus
    this.#there = route.wire()
    this.#back = route.wire()
    this.#stream = withBus ? 'bus' : 'commands'
    this.listener = {
      up: () => {},
      down: () => {},
      subscribed: () => {},
      unsubscribed: (_, reason) => this.hangUp(reason),
      message: (partition, text) => this.#hand(() => events.message(partition, text)),
      direct: (partition, text) => this.#hand(() => events.direct(partition, text)),
    }
    this.#there.carry(() => this.#knock())
  }

  /** Executed on the server at one instant, if it arrives; the answer comes back if it can. */
  ask<T>(effect: Effect, step: (store: Store) => Promise<T>): Promise<T> {
    const answer = new Deferred<T>()
    const lost = new Deferred<unknown>()
    lost.promise.catch((error) => answer.reject(error))
    this.#unanswered.add(lost)
    const reply = (settle: () => void) =>
      this.#hand(() => {
        this.#unanswered.delete(lost)
        settle()
      })
    this.#there.carry(() => {
      const { server } = this.#options
      const remote = server.remoteOf(this)
      if (remote === undefined) return
      const refusal = server.refusal(effect)
      if (refusal !== undefined) {
        reply(() => answer.reject(new StoreFault('refused', refusal)))
        return
      }
      step(remote.store).then(
        (value) => reply(() => answer.resolve(value)),
        (error) => reply(() => answer.reject(error)),
      )
    })
    return answer.promise
  }

  /** This process ends the connection. */
  close(reason: string): void {
    if (this.#isClosed) return
    this.#end(reason)
    const { server } = this.#options
    this.#there.carry(() => server.forget(this))
  }

  /** The server ends the connection. */
  hangUp(reason: string): void {
    this.#options.server.forget(this)
    this.#hand(() => this.#end(reason))
  }

  #knock(): void {
    const { server } = this.#options
    if (this.#isClosed) return
    if (server.state === 'gone' || server.state === 'replica' || !server.welcome(this)) {
      this.#hand(() => this.#end(`${server.name} is no primary`))
      return
    }
    const { incarnation } = server.embedded
    this.#hand(() => this.#events.opened(this, incarnation))
  }

  /** Something travels to the process, and happens there if the connection is still open. */
  #hand(happens: () => void): void {
    this.#back.carry(() =>
      this.#options.clock.receive(() => {
        if (!this.#isClosed) happens()
      }, this.#stream),
    )
  }

  #end(reason: string): void {
    this.#isClosed = true
    this.#back.end()
    for (const lost of this.#unanswered) lost.reject(new StoreFault('lost', `no reply: ${reason}`))
    this.#unanswered.clear()
    this.#events.closed(reason)
  }
}
