/**
 * The subscriber connection: one per process and Redis node, for the partitions of it.
 *
 *   away ── handshake ──▶ identified ── same stamp as commands ──▶ matched
 *    ▲                        │ other stamp                           │
 *    └──── any close ◀────────┴──────────────◀────────────────────────┘
 *
 * On a matched link each partition is `wanted`, then `subscribing`, then `subscribed`. It
 * subscribes only at the incarnation that the command connection has proven: an echo
 * that crosses two servers would prove nothing (PROTOCOL 3.1, 14.6). Messages are handed
 * on synchronously in the order of arrival; those before the confirmation is told are
 * dropped, because everything that they could concern ends with it.
 *
 * In a cluster channels belong to hash slots. A server that gives a slot away takes back
 * the subscription, unasked and without saying of what; then all partitions of this
 * connection subscribe anew.
 */
import type { BusListener } from '../core/contracts/bus.ts'
import type { Timer } from '../core/contracts/clock.ts'
import type { Connected } from '../core/contracts/store.ts'
import { allPartitionNames, type PartitionNames } from '../core/slot-names.ts'
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

export interface RedisBusListener extends BusListener {
  /** The server says that another one has the partition. */
  movedAway(partition: number, reason: string): void
}

type State =
  | { readonly is: 'away' }
  | { readonly is: 'identified' | 'matched'; readonly link: OpenLink }

interface Route {
  readonly partition: number
  readonly kind: 'message' | 'direct'
}

export class RedisBus {
  readonly #options: RedisBusOptions
  readonly #commands: Connection
  readonly #uplink: Uplink
  readonly #names: readonly PartitionNames[]
  readonly #held = new Map<number, 'wanted' | 'subscribing' | 'subscribed'>()
  readonly #routes = new Map<string, Route>()
  #state: State = { is: 'away' }
  #listener: RedisBusListener | undefined
  #process = ''
  #generation = 0
  #mismatches = 0
  /** Subscriptions under way on this link. */
  #asked = 0
  /** Told by ioredis of this link, and not the answer to a subscription. */
  #takenBack = 0
  #deadline: Timer | undefined
  #watch: Timer | undefined

  constructor(options: RedisBusOptions, commands: Connection) {
    this.#options = options
    this.#commands = commands
    this.#names = allPartitionNames(options.namespace, options.partitions)
    this.#uplink = new Uplink(options, {
      opened: (link) => this.#opened(link),
      closed: (reason) => this.#closed(reason),
    })
  }

  isSubscribed(partition: number): boolean {
    return this.#held.get(partition) === 'subscribed'
  }

  open(process: string, listener: RedisBusListener): void {
    this.#process = process
    this.#listener = listener
    this.#uplink.open()
  }

  /** Subscribes to a partition now or as soon as possible; nothing to do where it is held. */
  add(partition: number): void {
    const { channel, beat } = this.#namesOf(partition)
    this.#routes.set(channel, { partition, kind: 'message' })
    this.#routes.set(beat + this.#process, { partition, kind: 'direct' })
    if (!this.#held.has(partition)) this.#held.set(partition, 'wanted')
    if (this.#state.is === 'matched') this.#subscribeWanted(this.#state.link)
  }

  /** Its messages are ignored from now on; the server may still send some. */
  remove(partition: number, reason: string): void {
    const wasSubscribed = this.isSubscribed(partition)
    this.#held.delete(partition)
    if (wasSubscribed) this.#listener?.unsubscribed(partition, reason)
  }

  /** Nothing to do while there is no subscription: one is being made. */
  resubscribe(reason: string): void {
    if (this.#holdsAny()) this.#uplink.reconnect(reason)
  }

  /** To be called whenever the command connection has identified its server. */
  commandsUp({ stamp }: Connected): void {
    const state = this.#state
    if (state.is === 'identified') this.#match(state.link)
    else if (state.is === 'matched' && state.link.incarnation.stamp !== stamp) {
      this.#uplink.reconnect('commands have reached another incarnation')
    }
  }

  async close(): Promise<void> {
    this.#listener = undefined
    this.#state = { is: 'away' }
    this.#cancelTimers()
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
    if (connected.stamp === link.incarnation.stamp) this.#matched(link)
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

  #matched(link: OpenLink): void {
    this.#state = { is: 'matched', link }
    this.#mismatches = 0
    this.#asked = 0
    this.#takenBack = 0
    const command = this.#options.isCluster ? 'ssubscribe' : 'subscribe'
    const onMessage = (channel: string, text: string) => this.#message(link, channel, text)
    link.redis.on(this.#options.isCluster ? 'smessage' : 'message', onMessage)
    link.redis.on('moved', () => this.#countTakenBack(link, 1))
    guardSubscribe(link.redis, { command, onLie: (reason) => this.#end(link, reason) })
    this.#armWatch(link)
    this.#subscribeWanted(link)
  }

  #subscribeWanted(link: OpenLink): void {
    this.#generation += 1
    const generation = this.#generation
    for (const [partition, state] of this.#held) {
      if (state !== 'wanted') continue
      this.#held.set(partition, 'subscribing')
      void this.#subscribe(link, partition, generation)
    }
  }

  async #subscribe(link: OpenLink, partition: number, generation: number): Promise<void> {
    const { channel, beat } = this.#namesOf(partition)
    const channels = [channel, beat + this.#process]
    if (this.#asked++ === 0) this.#armDeadline(link)
    const { redis } = link
    const command = this.#options.isCluster ? redis.ssubscribe : redis.subscribe
    const asked = command.call(redis, ...channels).then(
      () => this.#confirmed(link, partition, generation),
      (error: unknown) => this.#refused(link, partition, String(error)),
    )
    await asked.catch((fault: unknown) => this.#end(link, String(fault)))
  }

  #confirmed(link: OpenLink, partition: number, generation: number): void {
    if (!this.#answered(link)) return
    if (this.#held.get(partition) === 'subscribing') {
      this.#held.set(partition, 'subscribed')
      this.#listener?.subscribed(partition, { ...link.incarnation, generation })
    }
    this.#countTakenBack(link, 0)
  }

  #refused(link: OpenLink, partition: number, reason: string): void {
    if (!this.#answered(link)) return
    if (!this.#options.isCluster || !reason.includes('MOVED ')) {
      this.#end(link, reason)
      return
    }
    if (this.#held.has(partition)) this.#held.set(partition, 'wanted')
    // ioredis has told of this refusal too.
    this.#countTakenBack(link, -1)
    this.#listener?.movedAway(partition, reason)
  }

  /** Whether the link still is the one that was asked. */
  #answered(link: OpenLink): boolean {
    if (!this.#isOn(link)) return false
    this.#asked -= 1
    if (this.#asked === 0) this.#deadline?.cancel()
    return true
  }

  #countTakenBack(link: OpenLink, change: number): void {
    if (!this.#isOn(link)) return
    this.#takenBack += change
    if (this.#asked === 0 && this.#takenBack > 0) this.#end(link, 'unsubscribed by the server')
  }

  #isOn(link: OpenLink): boolean {
    return this.#state.is === 'matched' && this.#state.link === link
  }

  #end(link: OpenLink, reason: string): void {
    if (this.#isOn(link)) this.#uplink.reconnect(reason)
  }

  #closed(reason: string): void {
    this.#state = { is: 'away' }
    this.#cancelTimers()
    for (const [partition, state] of this.#held) {
      this.#held.set(partition, 'wanted')
      if (state === 'subscribed') this.#listener?.unsubscribed(partition, reason)
    }
  }

  /** A message half applied is a message missed: a listener that throws ends trust. */
  #message(link: OpenLink, channel: string, text: string): void {
    const route = this.#routes.get(channel)
    if (route === undefined || !this.#isOn(link) || !this.isSubscribed(route.partition)) return
    try {
      this.#listener?.[route.kind](route.partition, text)
    } catch (error) {
      this.resubscribe(`a message could not be applied: ${String(error)}`)
    }
  }

  #armDeadline(link: OpenLink): void {
    const { clock, connectTimeoutMs } = this.#options
    const late = () => this.#end(link, `no subscription within ${connectTimeoutMs} ms`)
    this.#deadline = clock.timer(connectTimeoutMs, late, 'background')
  }

  /** ioredis is silent about an unsolicited `unsubscribe`, but its mode shows the last one. */
  #armWatch(link: OpenLink): void {
    const check = () => {
      if (link.redis.mode === 'subscriber' || !this.#holdsAny()) this.#armWatch(link)
      else this.#end(link, 'unsubscribed by the server')
    }
    this.#watch = this.#options.clock.timer(WATCH_MS, check, 'background')
  }

  #cancelTimers(): void {
    this.#deadline?.cancel()
    this.#watch?.cancel()
  }

  #holdsAny(): boolean {
    return [...this.#held.values()].includes('subscribed')
  }

  #namesOf(partition: number): PartitionNames {
    const names = this.#names[partition]
    if (names === undefined) throw new RangeError(`no partition ${partition}`)
    return names
  }
}
