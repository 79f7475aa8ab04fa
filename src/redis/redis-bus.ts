/**
 * The subscriber connection: one per process and Redis node, for all partitions.
 *
 *   away ── handshake ──▶ identified ── same stamp as commands ──▶ subscribing
 *    ▲                        │ other stamp                            │ confirmed
 *    └──── any close ◀────────┴──────────────◀──────────────────── subscribed
 *
 * It subscribes only at the incarnation that the command connection has proven: an echo
 * that crosses two servers would prove nothing (PROTOCOL 3.1, 14.6). Messages are handed
 * on synchronously in the order of arrival; those before the confirmation is told are
 * dropped, because everything that they could concern ends with it.
 */
import type { Bus, BusListener } from '../core/contracts/bus.ts'
import type { Timer } from '../core/contracts/clock.ts'
import type { Connected } from '../core/contracts/store.ts'
import { partitionNames } from '../core/slot-names.ts'
import type { Connection } from './connection.ts'
import type { OpenLink } from './link.ts'
import { guardSubscribe } from './subscribe-guard.ts'
import { Uplink, type UplinkOptions } from './uplink.ts'

/** How often it is checked that the server still counts us as a subscriber. */
const WATCH_MS = 1000

export interface RedisBusOptions extends UplinkOptions {
  readonly namespace: string
  readonly partitions: number
}

type State =
  | { readonly is: 'away' }
  | { readonly is: 'identified' | 'subscribing' | 'subscribed'; readonly link: OpenLink }

type Route = (text: string) => void

export class RedisBus implements Bus {
  readonly database: number
  readonly #options: RedisBusOptions
  readonly #commands: Connection
  readonly #uplink: Uplink
  #state: State = { is: 'away' }
  #listener: BusListener | undefined
  #routes: ReadonlyMap<string, Route> = new Map()
  #generation = 0
  #mismatches = 0
  #timer: Timer | undefined

  constructor(options: RedisBusOptions, commands: Connection) {
    this.#options = options
    this.#commands = commands
    this.database = options.options.db ?? 0
    this.#uplink = new Uplink(options, {
      opened: (link) => this.#opened(link),
      closed: (reason) => this.#closed(reason),
    })
  }

  get isSubscribed(): boolean {
    return this.#state.is === 'subscribed'
  }

  open(process: string, listener: BusListener): void {
    this.#listener = listener
    this.#routes = this.#routesOf(process, listener)
    this.#uplink.open()
  }

  /** Nothing to do while there is no subscription: one is being made. */
  resubscribe(reason: string): void {
    if (this.#state.is === 'subscribed') this.#uplink.reconnect(reason)
  }

  /** To be called whenever the command connection has identified its server. */
  commandsUp({ stamp }: Connected): void {
    const state = this.#state
    if (state.is === 'identified') this.#match(state.link)
    else if (state.is !== 'away' && state.link.incarnation.stamp !== stamp) {
      this.#uplink.reconnect('commands have reached another incarnation')
    }
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#state = { is: 'away' }
    this.#timer?.cancel()
    await this.#uplink.close()
  }

  #opened(link: OpenLink): void {
    this.#state = { is: 'identified', link }
    this.#match(link)
  }

  /** Without a proven command connection it waits for `commandsUp`. */
  #match(link: OpenLink): void {
    const connected = this.#commands.connected
    if (connected === undefined) return
    if (connected.stamp === link.incarnation.stamp) void this.#subscribe(link)
    else void this.#settle(link, connected)
  }

  /**
   * The two connections disagree. If the commands are behind, they notice by asking
   * again. If not, this side dials again; and both do when that has not helped, since
   * only a fresh look can tell which of two primaries is the right one.
   */
  async #settle(link: OpenLink, connected: Connected): Promise<void> {
    await this.#commands.verify()
    if (this.#state.is !== 'identified' || this.#state.link !== link) return
    if (this.#commands.connected?.generation !== connected.generation) return
    this.#mismatches += 1
    const reason = 'commands and subscriber have reached different servers'
    this.#uplink.reconnect(reason)
    if (this.#mismatches % 2 === 0) this.#commands.reconnect(reason)
  }

  async #subscribe(link: OpenLink): Promise<void> {
    const { clock, connectTimeoutMs } = this.#options
    this.#state = { is: 'subscribing', link }
    const late = () => this.#uplink.reconnect(`no subscription within ${connectTimeoutMs} ms`)
    this.#timer = clock.timer(connectTimeoutMs, late, 'background')
    link.redis.on('message', (channel, text) => this.#message(link, channel, text))
    link.redis.once('moved', () => this.#refused(link, 'unsubscribed by the server'))
    guardSubscribe(link.redis, (reason) => this.#refused(link, reason))
    try {
      await link.redis.subscribe(...this.#routes.keys())
      this.#confirmed(link)
    } catch (error) {
      this.#refused(link, String(error))
    }
  }

  #confirmed(link: OpenLink): void {
    if (this.#state.is !== 'subscribing' || this.#state.link !== link) return
    this.#timer?.cancel()
    this.#armWatch(link)
    this.#state = { is: 'subscribed', link }
    this.#mismatches = 0
    this.#generation += 1
    const subscribed = { ...link.incarnation, generation: this.#generation }
    for (let partition = 0; partition < this.#options.partitions; partition++) {
      this.#listener?.subscribed(partition, subscribed)
    }
  }

  #refused(link: OpenLink, reason: string): void {
    if (this.#state.is !== 'away' && this.#state.link === link) this.#uplink.reconnect(reason)
  }

  #closed(reason: string): void {
    const wasSubscribed = this.#state.is === 'subscribed'
    this.#state = { is: 'away' }
    this.#timer?.cancel()
    if (!wasSubscribed) return
    for (let partition = 0; partition < this.#options.partitions; partition++) {
      this.#listener?.unsubscribed(partition, reason)
    }
  }

  /** A message half applied is a message missed: a listener that throws ends trust. */
  #message(link: OpenLink, channel: string, text: string): void {
    if (this.#state.is !== 'subscribed' || this.#state.link !== link) return
    try {
      this.#routes.get(channel)?.(text)
    } catch (error) {
      this.resubscribe(`a message could not be applied: ${String(error)}`)
    }
  }

  /** ioredis is silent about an unsolicited `unsubscribe`, but its mode shows the last one. */
  #armWatch(link: OpenLink): void {
    const check = () => {
      if (link.redis.mode === 'subscriber') this.#armWatch(link)
      else this.resubscribe('unsubscribed by the server')
    }
    this.#timer = this.#options.clock.timer(WATCH_MS, check, 'background')
  }

  #routesOf(process: string, listener: BusListener): Map<string, Route> {
    const { namespace, partitions } = this.#options
    const routes = new Map<string, Route>()
    for (let partition = 0; partition < partitions; partition++) {
      const { channel, beat } = partitionNames(namespace, partition)
      routes.set(channel, (text) => listener.message(partition, text))
      routes.set(beat + process, (text) => listener.direct(partition, text))
    }
    return routes
  }
}
