/**
 * The command connection of one process to one Redis node: `Commander` over an uplink,
 * with generations and the watch for a peer that has stopped answering.
 *
 * A connection on which a command has waited five full seconds is given up: a vanished
 * peer never closes it. Seconds are counted by ticks of the watch rather than by the
 * clock, so that a process that was stopped gets to read what has arrived meanwhile.
 */
import type { Timer } from '../core/contracts/clock.ts'
import { type Connected, StoreFault } from '../core/contracts/store.ts'
import type { Argument, Commander, Urgency } from './commander.ts'
import { Exchange } from './exchange.ts'
import { incarnationOf, questionsAbout, unfitEvictionOf } from './handshake.ts'
import type { OpenLink } from './link.ts'
import { Uplink, type UplinkOptions } from './uplink.ts'

/** A command unanswered for longer than this ends its connection. */
export const UNANSWERED_MS_MAX = 5000
const WATCH_MS = 1000

/** Hears of one connection, whatever partitions are behind it. */
export interface ConnectionListener {
  /** Also without a `down` before, where an open connection turns out to have another server. */
  up(connected: Connected): void
  down(reason: string): void
}

export interface ConnectionOptions extends UplinkOptions {
  /** Sentinels or a Cluster: somebody will be promoted, whatever replicas are seen now. */
  readonly hasFailover: boolean
}

interface Open {
  connected: Connected
  readonly exchange: Exchange
  /** Commands sent before the oldest tick that still waits for one of them. */
  markSent: number
  markTicks: number
}

export class Connection implements Commander {
  readonly #options: ConnectionOptions
  readonly #uplink: Uplink
  #listener: ConnectionListener | undefined
  #open: Open | undefined
  #generation = 0
  #watch: Timer | undefined
  #downReason = 'not connected yet'
  /** Once seen, replicas are never forgotten: one that is away now may be promoted. */
  #mayFailOver: boolean

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#mayFailOver = options.hasFailover
    this.#uplink = new Uplink(options, {
      opened: (link) => this.#opened(link),
      closed: (reason) => this.#closed(reason),
    })
  }

  get connected(): Connected | undefined {
    return this.#open?.connected
  }

  open(listener: ConnectionListener): void {
    this.#listener = listener
    this.#uplink.open()
  }

  send(command: string, args: Argument[], urgency?: Urgency): Promise<unknown> {
    return this.#open?.exchange.send(command, args, urgency) ?? this.#rejected()
  }

  pipeline(commands: [string, ...Argument[]][]): Promise<unknown[]> {
    return this.#open?.exchange.pipeline(commands) ?? this.#rejected()
  }

  /** Nothing to do while dialling: that identifies the server anew anyway. */
  reconnect(reason: string): void {
    if (this.#open !== undefined) this.#uplink.reconnect(reason)
  }

  /**
   * Asks the server again who it is. Another incarnation of a primary on this connection
   * is told as up anew; anything else ends the connection. Commands go on meanwhile: what
   * was asked before is answered before.
   */
  async verify(): Promise<void> {
    const open = this.#open
    if (open === undefined) return
    try {
      const sections = await this.pipeline(questionsAbout(this.#options.isCluster))
      const info = sections.join('\r\n')
      const incarnation = incarnationOf(info)
      if (this.#open !== open || incarnation.stamp === open.connected.stamp) return
      this.#generation += 1
      const unfitEviction = unfitEvictionOf(info)
      const generation = this.#generation
      open.connected = { ...open.connected, ...incarnation, unfitEviction, generation }
      this.#listener?.up(open.connected)
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
    this.#mayFailOver ||= link.isReplicated
    const lostTailMs = this.#mayFailOver ? link.lostTailMs : undefined
    const { incarnation, unfitEviction } = link
    const generation = this.#generation
    const connected = { ...incarnation, generation, lostTailMs, unfitEviction }
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
