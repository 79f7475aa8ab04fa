/**
 * Trust and proof of one partition (PROTOCOL 3.6).
 *
 *   sent(nonce) ──reply──▶ proof until sent + Δ        (a writable primary executed it)
 *        └───────echo────▶ trust until sent + Δ        (and every earlier message was received)
 *
 * Both count from the time of sending. Time alone lets them run out; an echo in the
 * same subscription renews trust and the entries are good again. Whatever may have
 * hidden a message (a closed subscription, another incarnation, a gap, another
 * epoch) raises `generation`: entries of an earlier one are suspects, flights doomed.
 */
import type { Subscribed } from '../core/contracts/bus.ts'
import type { BeatReply, Connected, Counted } from '../core/contracts/store.ts'
import type { Echo } from '../core/message.ts'

/** Beats whose reply or echo is awaited; older ones can no longer extend anything. */
const beatsMax = 8

interface Beat {
  readonly sentMs: number
  readonly connection: number
  readonly subscription: number | undefined
  replied: boolean
  echoed: boolean
}

/** What matters here of a connection, and of an echo. */
type Proven = Omit<Connected, 'lostTailMs'>
type Heard = Omit<Echo, 'kind'>

/** How far this process has processed the announcements of a partition. */
export interface Applied {
  readonly stamp: string
  readonly epoch: string
  readonly seq: number
}

/** What the caller must do: `handshake`: the server is another one than the connection proved. */
export type BeatEffect = 'none' | 'handshake' | 'mismatch'

export class Trust {
  /** Memory may be served before this time. */
  untilMs: number = Number.NEGATIVE_INFINITY
  /** Replies of the second tier count before this time. */
  proofUntilMs: number = Number.NEGATIVE_INFINITY
  /** An entry of an earlier generation is a suspect. */
  generation = 1
  /** When the last beat that was answered had been sent: until then we are surely registered. */
  lastAckedMs: number = Number.NEGATIVE_INFINITY
  applied: Applied | undefined
  /** How often everything held became suspect. */
  losses = 0
  /** Why it last did; by default because no echo came in time. */
  lostBecause = 'beat'
  /** When the subscription last showed a sign of life. */
  lastEchoMs: number = Number.NEGATIVE_INFINITY
  /** Settings of another process, found in this partition, that contradict ours. */
  ownContradiction: string | undefined

  #elsewhere: string | undefined
  readonly #trustMs: number
  readonly #settings: string
  readonly #onLost: (reason: string) => void
  readonly #beats = new Map<string, Beat>()
  #connected: Proven | undefined
  #subscribed: Subscribed | undefined
  /** The last one heard of; clocks of another are not comparable. */
  #epoch: string | undefined

  constructor(trustMs: number, settings: string, onLost: (reason: string) => void) {
    this.#trustMs = trustMs
    this.#settings = settings
    this.#onLost = onLost
  }

  /** Settings that contradict ours, here or in another partition: no trust while they stand. */
  get contradiction(): string | undefined {
    return this.ownContradiction ?? this.#elsewhere
  }

  /** What has been found in any partition. */
  hearElsewhere(settings: string | undefined): void {
    const isNews = this.contradiction === undefined && settings !== undefined
    this.#elsewhere = settings
    if (isNews) this.lose('settings')
  }

  get stamp(): string | undefined {
    return this.#connected?.stamp
  }

  get isSubscribed(): boolean {
    return this.#subscribed !== undefined
  }

  connected(connected: Proven): void {
    const changed = this.#connected !== undefined && this.#connected.stamp !== connected.stamp
    this.#connected = connected
    this.proofUntilMs = Number.NEGATIVE_INFINITY
    if (changed) this.lose('incarnation')
  }

  /** The connection for commands has closed: replies no longer count, memory goes on. */
  disconnected(): void {
    this.proofUntilMs = Number.NEGATIVE_INFINITY
  }

  subscribed(subscribed: Subscribed, nowMs: number): void {
    this.#subscribed = subscribed
    this.lastEchoMs = nowMs
    this.lose('subscription')
  }

  unsubscribed(reason: string): void {
    if (this.#subscribed === undefined) return
    this.#subscribed = undefined
    this.lose(reason)
  }

  /** Everything held may be old: it stays, but must be proven again before it is served. */
  lose(reason: string): void {
    this.losses++
    this.lostBecause = reason
    this.generation++
    this.untilMs = Number.NEGATIVE_INFINITY
    this.applied = undefined
    this.#onLost(reason)
  }

  sent(nonce: string, sentMs: number): void {
    if (this.#connected === undefined) return
    for (const oldest of this.#beats.keys()) {
      if (this.#beats.size < beatsMax) break
      this.#beats.delete(oldest)
    }
    this.#beats.set(nonce, {
      sentMs,
      connection: this.#connected.generation,
      subscription: this.#subscribed?.generation,
      replied: false,
      echoed: false,
    })
  }

  replied(nonce: string, reply: BeatReply): BeatEffect {
    const beat = this.#beats.get(nonce)
    if (beat === undefined || beat.connection !== this.#connected?.generation) return 'none'
    if (reply.stamp !== this.#connected.stamp) return 'handshake'
    this.proofUntilMs = Math.max(this.proofUntilMs, beat.sentMs + this.#trustMs)
    this.lastAckedMs = Math.max(this.lastAckedMs, beat.sentMs)
    beat.replied = true
    if (reply.settings !== this.#settings) {
      const isNews = this.ownContradiction !== reply.settings
      this.ownContradiction = reply.settings
      if (isNews) this.lose('settings')
      return 'mismatch'
    }
    this.ownContradiction = undefined
    this.#extend(nonce, beat)
    return 'none'
  }

  /** An echo of an own beat, on the subscription; messages sent before it have been processed. */
  echoed(echo: Heard): void {
    const beat = this.#beats.get(echo.nonce)
    const subscribed = this.#subscribed
    if (subscribed === undefined || echo.runId !== subscribed.runId) return
    if (beat === undefined || beat.subscription !== subscribed.generation) return
    this.#follow(echo, subscribed.stamp)
    this.lastEchoMs = beat.sentMs
    beat.echoed = true
    this.#extend(echo.nonce, beat)
  }

  /** A message was processed. Numbers out of turn mean that another one never came. */
  heard(counted: Counted): void {
    const { epoch, seq } = counted
    const { applied } = this
    const stamp = this.#subscribed?.stamp
    if (epoch === undefined || stamp === undefined) return
    const next = seq === undefined ? undefined : { stamp, epoch, seq }
    const isOtherEpoch = this.#epoch !== undefined && this.#epoch !== epoch
    this.#epoch = epoch
    if (isOtherEpoch) this.#restart('epoch', next)
    else if (applied === undefined || next === undefined) return
    else if (next.seq !== applied.seq + 1) this.#restart('gap', next)
    else this.applied = next
  }

  /** Another process divides the keys otherwise: our commands would reach other slots than its. */
  hasOtherPartitions(partitions: number): boolean {
    const { contradiction } = this
    return contradiction !== undefined && contradiction.split('|')[1] !== String(partitions)
  }

  isProven(nowMs: number): boolean {
    return nowMs < this.proofUntilMs
  }

  isTrusted(nowMs: number): boolean {
    return nowMs < this.untilMs
  }

  #follow(echo: Heard, stamp: string): void {
    const { applied } = this
    if (echo.epoch === undefined || echo.seq === undefined) {
      // The record of groups is gone, and with it every value it covered.
      if (applied !== undefined) this.#restart('epoch', undefined)
      return
    }
    const next = { stamp, epoch: echo.epoch, seq: echo.seq }
    const isOtherEpoch = this.#epoch !== undefined && this.#epoch !== echo.epoch
    this.#epoch = echo.epoch
    if (isOtherEpoch) this.#restart('epoch', next)
    else if (applied === undefined) this.applied = next
    else if (applied.seq !== echo.seq) this.#restart('gap', next)
  }

  /** A gap dooms what was held or under way, not the trust in what comes from now on. */
  #restart(reason: string, applied: Applied | undefined): void {
    const { untilMs } = this
    this.lose(reason)
    this.untilMs = untilMs
    this.applied = applied
  }

  #extend(nonce: string, beat: Beat): void {
    if (!beat.replied || !beat.echoed || this.contradiction !== undefined) return
    if (this.#subscribed?.stamp !== this.#connected?.stamp) return
    this.#beats.delete(nonce)
    this.untilMs = Math.max(this.untilMs, beat.sentMs + this.#trustMs)
    this.lostBecause = 'beat'
  }
}
