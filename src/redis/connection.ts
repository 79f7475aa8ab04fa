/**
 * The command connection of one process to one Redis node: `Commander` over an uplink,
 * with generations and the watch for a peer that has stopped answering.
 *
 * A connection on which a command has waited five full seconds is given up: a vanished
 * peer never closes it. Seconds are counted by ticks of the watch rather than by the
 * clock, so that a process that was stopped gets to read what has arrived meanwhile.
 */
import type { Timer } from '../core/contracts/clock.ts'
import { type Connected, StoreFault, type StoreListener } from '../core/contracts/store.ts'
import type { Commander } from './commander.ts'
import { Exchange } from './exchange.ts'
import { incarnationOf } from './handshake.ts'
import type { OpenLink } from './link.ts'
import { Uplink, type UplinkOptions } from './uplink.ts'

/** A command unanswered for longer than this ends its connection. */
export const UNANSWERED_MS_MAX = 5000
const WATCH_MS = 1000

interface Open {
  readonly connected: Connected
  readonly exchange: Exchange
  /** Commands sent before the oldest tick that still waits for one of them. */
  markSent: number
  markTicks: number
}

export class Connection implements Commander {
  readonly #options: UplinkOptions
  readonly #uplink: Uplink
  #listener: StoreListener | undefined
  #open: Open | undefined
  #generation = 0
  #watch: Timer | undefined
  #downReason = 'not connected yet'

  constructor(options: UplinkOptions) {
    this.#options = options
    this.#uplink = new Uplink(options, {
      opened: (link) => this.#opened(link),
      closed: (reason) => this.#closed(reason),
    })
  }

  get connected(): Connected | undefined {
    return this.#open?.connected
  }

  open(listener: StoreListener): void {
    this.#listener = listener
    this.#uplink.open()
  }

  send(command: string, args: (string | number)[]): Promise<unknown> {
    return this.#open?.exchange.send(command, args) ?? this.#rejected()
  }

  pipeline(commands: [string, ...(string | number)[]][]): Promise<unknown[]> {
    return this.#open?.exchange.pipeline(commands) ?? this.#rejected()
  }

  /** Nothing to do while dialling: that identifies the server anew anyway. */
  reconnect(reason: string): void {
    if (this.#open !== undefined) this.#uplink.reconnect(reason)
  }

  /** Asks the server again who it is; where that has changed, the connection is renewed. */
  async verify(): Promise<void> {
    const open = this.#open
    if (open === undefined) return
    try {
      const sections = await this.pipeline([
        ['INFO', 'server'],
        ['INFO', 'replication'],
      ])
      if (incarnationOf(sections.join('\r\n')).stamp === open.connected.stamp) return
      if (this.#open === open) this.reconnect('the server has another incarnation')
    } catch (error) {
      if (this.#open === open) this.reconnect(`the server can't be verified: ${String(error)}`)
    }
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#downReason = 'closed by this process'
    this.#endOpen()
    await this.#uplink.close()
  }

  #opened(link: OpenLink): void {
    const connected = { ...link.incarnation, generation: this.#generation }
    const { clock } = this.#options
    const exchange = new Exchange(link, clock, (reason) => this.reconnect(reason))
    this.#open = { connected, exchange, markSent: 0, markTicks: 0 }
    this.#armWatch()
    this.#listener?.up(connected)
  }

  /** Dialling that failed was not up, so there is nothing to tell. */
  #closed(reason: string): void {
    this.#downReason = reason
    if (this.#endOpen()) this.#listener?.down(reason)
  }

  #endOpen(): boolean {
    const open = this.#open
    if (open === undefined) return false
    this.#open = undefined
    this.#generation += 1
    this.#watch?.cancel()
    open.exchange.end(this.#downReason)
    return true
  }

  #armWatch(): void {
    this.#watch = this.#options.clock.timer(WATCH_MS, () => this.#tick(), 'background')
  }

  #tick(): void {
    const open = this.#open
    if (open === undefined) return
    const { exchange } = open
    if (exchange.answered >= open.markSent) {
      open.markSent = exchange.sent
      open.markTicks = 0
    } else {
      open.markTicks += 1
    }
    if (open.markTicks * WATCH_MS >= UNANSWERED_MS_MAX) {
      this.reconnect(`a command is unanswered for ${UNANSWERED_MS_MAX} ms`)
      return
    }
    this.#armWatch()
  }

  #rejected(): Promise<never> {
    return Promise.reject(new StoreFault('down', `not connected: ${this.#downReason}`))
  }
}
