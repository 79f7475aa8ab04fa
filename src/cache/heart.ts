/**
 * Beats (PROTOCOL 3.6): every Δ/3, and at once on a new connection or when a reader
 * needs proof. A beat first delivers what the journal holds, so that no read on a
 * connection comes before the invalidations that an earlier one could not execute.
 */
import { Deferred } from '../base/deferred.ts'
import type { BeatEffect } from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import { type BeatReply, StoreFault } from '../core/contracts/store.ts'
import { parseEcho } from '../core/message.ts'
import { Budget } from '../resilience/index.ts'
import type { Courier } from './courier.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import { wireMismatch } from './faults.ts'

/** Beats in one Δ. */
const beatsPerTrust = 3
/** A subscription without an echo for so many Δ, while beats are answered, is made anew. */
const deafAfter = 2

export interface HeartOptions {
  /** Names the private channel and the registry entry of this process. */
  readonly process: string
  /** `wire|partitions|Δ`. */
  readonly settings: string
}

export class Heart {
  readonly #engine: Engine
  readonly #courier: Courier
  readonly #options: HeartOptions
  readonly #proofs = new Map<number, Promise<boolean>>()
  /** Partitions that have been told our settings. */
  readonly #greeted = new Set<number>()
  readonly #firstTrust = new Map<number, Deferred<boolean>>()
  /** Since when each partition has been trusted, or not. */
  readonly #trustStates = new Map<number, { isHeld: boolean; sinceMs: number }>()
  /** What all partitions have been told. */
  #contradiction: string | undefined
  #timer: Timer | undefined
  #lastWallMs = 0
  #lastMs = 0
  #isStopped = false

  constructor(engine: Engine, courier: Courier, options: HeartOptions) {
    this.#engine = engine
    this.#courier = courier
    this.#options = options
  }

  start(): void {
    this.#lastMs = this.#engine.clock.now()
    this.#lastWallMs = this.#engine.clock.wallMs()
    this.#schedule()
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  /** Beats now, unless a beat of this partition is on its way; true when it gave proof. */
  prove(partition: number): Promise<boolean> {
    const running = this.#proofs.get(partition)
    if (running !== undefined) return running
    const proof = this.#prove(partitionAt(this.#engine, partition)).finally(() => {
      this.#proofs.delete(partition)
    })
    this.#proofs.set(partition, proof)
    return proof
  }

  /** A beat that is sent from now on, whatever is on its way. */
  async proveAnew(partition: number): Promise<boolean> {
    await this.#proofs.get(partition)
    return this.prove(partition)
  }

  echoed(partition: number, text: string): void {
    const echo = parseEcho(text)
    if (echo === undefined) return
    const { trust } = partitionAt(this.#engine, partition)
    trust.echoed(echo)
    this.#noteTrust(partition)
  }

  /** Beats, and waits until memory is trusted too; at most Δ. */
  async begin(partition: number): Promise<void> {
    const { clock, settings, remote } = this.#engine
    const trusted = new Deferred<boolean>()
    this.#firstTrust.set(partition, trusted)
    if ((await this.prove(partition)) && remote.bus !== undefined) {
      await new Budget(clock, settings.trustMs).wait(trusted.promise)
    }
    this.#firstTrust.delete(partition)
  }

  async #prove(partition: Partition): Promise<boolean> {
    const engine = this.#engine
    if (engine.store.connected === undefined) return false
    const delivery = await this.#courier.deliver(partition.index)
    if (delivery === 'unreachable') return false
    const reply = await this.#beat(partition)
    return reply !== undefined && partition.trust.isProven(engine.clock.now())
  }

  async #beat(partition: Partition): Promise<BeatReply | undefined> {
    const { store, clock, chance, settings, breaker } = this.#engine
    const nonce = chance.token()
    partition.trust.sent(nonce, clock.now())
    const request = {
      process: this.#options.process,
      nonce,
      trustMs: settings.trustMs,
      settings: this.#options.settings,
      registryMs: settings.registryMs,
      isFirst: !this.#greeted.has(partition.index),
    }
    const sentMs = clock.now()
    try {
      const reply = await new Budget(clock, settings.trustMs).wait(
        store.beat(partition.index, request),
      )
      // Callers would not have waited so long: for them it is as good as no answer.
      const isLate = clock.now() - sentMs > settings.budgetMs
      if (reply === undefined || isLate) breaker.failed()
      else breaker.succeeded()
      if (reply === undefined) return undefined
      this.#greeted.add(partition.index)
      this.#heed(partition.trust.replied(nonce, reply), reply)
      // The echo may have come before the reply: then this is what completes the proof.
      this.#noteTrust(partition.index)
      return reply
    } catch (error) {
      // A server that refuses is there: it gives no proof, but callers need not avoid it.
      if (!(error instanceof StoreFault)) throw error
      if (error.kind !== 'refused') breaker.failed()
      return undefined
    }
  }

  #heed(effect: BeatEffect, reply: BeatReply): void {
    const { store, watchers, partitions } = this.#engine
    if (effect === 'handshake') store.reconnect('incarnation')
    // Who contradicts us in one partition does so in all: its commands reach other slots.
    const found = partitions.find(({ trust }) => trust.ownContradiction !== undefined)
    const contradiction = found?.trust.ownContradiction
    if (contradiction !== this.#contradiction) {
      this.#contradiction = contradiction
      for (const { trust } of partitions) trust.hearElsewhere(contradiction)
    }
    if (effect !== 'mismatch') return
    watchers.tell({ kind: 'fault', error: wireMismatch(this.#options.settings, reply.settings) })
  }

  #schedule(): void {
    const { clock, settings } = this.#engine
    this.#timer = clock.timer(settings.trustMs / beatsPerTrust, () => this.#tick(), 'background')
  }

  #tick(): void {
    if (this.#isStopped) return
    this.#noticeSuspension()
    for (const partition of this.#engine.partitions) {
      this.#engine.tasks.run(this.prove(partition.index))
      this.#noteTrust(partition.index)
      this.#noticeSilence(partition)
    }
    this.#schedule()
  }

  /** Tells when trust has come or gone since it was last looked at. */
  #noteTrust(partition: number): void {
    const { clock, watchers } = this.#engine
    const { trust } = partitionAt(this.#engine, partition)
    const nowMs = clock.now()
    const isHeld = trust.isTrusted(nowMs)
    if (isHeld) this.#firstTrust.get(partition)?.resolve(true)
    const before = this.#trustStates.get(partition) ?? { isHeld: false, sinceMs: nowMs }
    if (before.isHeld === isHeld) return
    this.#trustStates.set(partition, { isHeld, sinceMs: nowMs })
    const reason = isHeld ? 'echo' : trust.lostBecause
    watchers.tell({
      kind: 'trust',
      partition,
      held: isHeld,
      reason,
      afterMs: nowMs - before.sinceMs,
    })
  }

  /** A machine that was suspended may have stopped the clock that trust is measured by. */
  #noticeSuspension(): void {
    const { clock, settings, partitions } = this.#engine
    const [ms, wallMs] = [clock.now(), clock.wallMs()]
    const driftMs = Math.abs(wallMs - this.#lastWallMs - (ms - this.#lastMs))
    this.#lastMs = ms
    this.#lastWallMs = wallMs
    if (driftMs <= settings.trustMs / 2) return
    for (const { trust } of partitions) {
      trust.lose('clock')
      trust.disconnected()
    }
  }

  /** Subscribed, proven, and yet no echo for several beats: the subscription is deaf. */
  #noticeSilence({ trust }: Partition): void {
    const { clock, settings, remote } = this.#engine
    const now = clock.now()
    if (!trust.isSubscribed || trust.contradiction !== undefined) return
    if (!trust.isProven(now) || now - trust.lastEchoMs < settings.trustMs * deafAfter) return
    remote.bus?.resubscribe('no echo')
  }
}
