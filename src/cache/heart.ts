/**
 * Beats (PROTOCOL 3.6): every Δ/3, in growing pauses where they stay unanswered, and at once
 * on a new connection or when a reader needs proof. A beat first places the quarantines of
 * writes under way and delivers what the journal holds, so that no read on a connection comes
 * before what an earlier one has lost or could not execute.
 */
import { Deferred } from '../base/deferred.ts'
import type { BeatEffect } from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import { type BeatReply, type BeatRequest, StoreFault } from '../core/contracts/store.ts'
import type { Echo } from '../core/message.ts'
import { Budget, backoffMs } from '../resilience/index.ts'
import type { Courier } from './courier.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import { wireMismatch } from './faults.ts'
import type { QuarantineKeeper } from './quarantine-keeper.ts'

/** Beats in one Δ. */
const beatsPerTrust = 3
/** Longest pause between beats to a server that leaves them unanswered. */
const silenceMsMax = 5_000
/** A subscription without an echo for so many Δ, while beats are answered, is made anew. */
const deafAfter = 2

export interface HeartParts {
  readonly engine: Engine
  readonly courier: Courier
  readonly quarantines: QuarantineKeeper
}

export interface HeartOptions {
  /** `wire|partitions|Δ`. */
  readonly settings: string
}

export class Heart {
  readonly #engine: Engine
  readonly #courier: Courier
  readonly #quarantines: QuarantineKeeper
  readonly #options: HeartOptions
  readonly #proofs = new Map<number, Promise<boolean>>()
  /** Partitions that have been told our settings. */
  readonly #greeted = new Set<number>()
  /** Servers that left beats unanswered: how many, and until when they are left alone. */
  readonly #silences = new Map<number, { readonly beats: number; readonly untilMs: number }>()
  readonly #firstTrust = new Map<number, Deferred<boolean>>()
  /** Since when each partition has been trusted, or not. */
  readonly #trustStates = new Map<number, { isHeld: boolean; sinceMs: number }>()
  /** What all partitions have been told. */
  #contradiction: string | undefined
  #timer: Timer | undefined
  #lastWallMs = 0
  #lastMs = 0
  #isStopped = false
  #hasLeft = false

  constructor({ engine, courier, quarantines }: HeartParts, options: HeartOptions) {
    this.#engine = engine
    this.#courier = courier
    this.#quarantines = quarantines
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

  /** Takes this process out of the registries: it serves nothing that others wait for. */
  async leave(): Promise<void> {
    this.#hasLeft = true
    const { partitions, store } = this.#engine
    const reachable = partitions.filter(({ index, breaker }) => {
      return store.connectedOf(index) !== undefined && !breaker.isOpen
    })
    await Promise.all(reachable.map((partition) => this.#leave(partition)))
  }

  /** The echo of an own beat has come back. */
  echoed(partition: number, echo: Echo): void {
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
    if (engine.store.connectedOf(partition.index) === undefined) return false
    if (!(await this.#quarantines.restore(partition.index))) return false
    const delivery = await this.#courier.deliver(partition.index)
    if (delivery === 'unreachable') return false
    const reply = await this.#beat(partition)
    return reply !== undefined && partition.trust.isProven(engine.clock.now())
  }

  async #beat(partition: Partition): Promise<BeatReply | undefined> {
    const { store, clock, chance, settings, redis } = this.#engine
    if (this.#hasLeft) return undefined
    const { breaker } = partition
    const nonce = chance.token()
    partition.trust.sent(nonce, clock.now())
    const request = this.#request(partition, nonce, settings.registryMs)
    const sentMs = redis.began()
    let reply: BeatReply | undefined
    breaker.tried()
    try {
      const sent = store.beat(partition.index, request)
      reply = await new Budget(clock, settings.trustMs).wait(sent)
      this.#noteAnswer(partition.index, reply, sent)
      // Callers would not have waited so long: for them it is as good as no answer.
      const isLate = clock.now() - sentMs > settings.budgetMs
      if (reply === undefined || isLate) breaker.failed()
      else breaker.succeeded()
      if (reply === undefined) return undefined
      const receivedMs = clock.now()
      breaker.measured(receivedMs - sentMs)
      partition.registry.seen(reply.birth, receivedMs)
      partition.serverTime.observe({ sentMs, receivedMs, serverMs: reply.serverMs })
      this.#greeted.add(partition.index)
      this.#heed(partition, partition.trust.replied(nonce, reply), reply)
      // The echo may have come before the reply: then this is what completes the proof.
      this.#noteTrust(partition.index)
      return reply
    } catch (error) {
      // A server that refuses is there: it gives no proof, but callers need not avoid it.
      if (!(error instanceof StoreFault)) throw error
      if (error.kind !== 'refused') breaker.failed()
      return undefined
    } finally {
      redis.ended('beat', sentMs, reply !== undefined)
    }
  }

  /**
   * A server that leaves beats unanswered is asked in growing pauses, so that what waits for
   * it stays little; the first late answer shows that it is back.
   */
  #noteAnswer(index: number, reply: BeatReply | undefined, sent: Promise<BeatReply>): void {
    if (reply !== undefined) {
      this.#silences.delete(index)
      return
    }
    const { clock, chance, settings } = this.#engine
    const beats = (this.#silences.get(index)?.beats ?? 0) + 1
    const pauses = { firstMs: settings.trustMs / beatsPerTrust, mostMs: silenceMsMax }
    const pauseMs = backoffMs(pauses, beats) * (0.5 + chance.unit() / 2)
    this.#silences.set(index, { beats, untilMs: clock.now() + pauseMs })
    const goOn = () => {
      this.#silences.delete(index)
      if (!this.#isStopped) this.#engine.tasks.run(this.prove(index))
    }
    // One that is lost with its connection is followed by the beat of the next connection.
    sent.then(goOn, () => {})
  }

  #isLeftAlone(index: number): boolean {
    const silence = this.#silences.get(index)
    return silence !== undefined && this.#engine.clock.now() < silence.untilMs
  }

  #request({ index }: Partition, nonce: string, registryMs: number): BeatRequest {
    const { process, trustMs } = this.#engine.settings
    const isFirst = !this.#greeted.has(index)
    return { process, nonce, trustMs, settings: this.#options.settings, registryMs, isFirst }
  }

  async #leave(partition: Partition): Promise<void> {
    const { store, clock, chance, settings } = this.#engine
    const left = store.beat(partition.index, this.#request(partition, chance.token(), 0))
    try {
      await new Budget(clock, settings.budgetMs).wait(left)
    } catch (error) {
      // Then it runs out.
      if (!(error instanceof StoreFault)) throw error
    }
  }

  #heed({ index }: Partition, effect: BeatEffect, reply: BeatReply): void {
    const { store, watchers, partitions } = this.#engine
    if (effect === 'handshake') store.reconnect(index, 'incarnation')
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
    this.#engine.memory.sweep(this.#engine.clock.now())
    for (const partition of this.#engine.partitions) {
      const { index } = partition
      if (!this.#isLeftAlone(index)) this.#engine.tasks.run(this.prove(index))
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
  #noticeSilence({ index, trust }: Partition): void {
    const { clock, settings, remote } = this.#engine
    const now = clock.now()
    if (!trust.isSubscribed || trust.contradiction !== undefined) return
    if (!trust.isProven(now) || now - trust.lastEchoMs < settings.trustMs * deafAfter) return
    remote.bus?.resubscribe(index, 'no echo')
  }
}
