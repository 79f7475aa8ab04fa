/**
 * Work that one process does at a time (CONTRACT 26): a key in Redis that says who does it,
 * until it is given back or its time is up. A process that was paused can't know that its
 * time is up, and a server that evicts any key (`allkeys-*`) may forget who has it: so the
 * lock saves double work, and the fence, checked by what is written to, prevents it.
 */
import { encodePercent } from '../base/percent.ts'
import type { LockReply } from '../core/contracts/store.ts'
import type { LockOptions } from '../core/handle.ts'
import { durationIn, fieldsOf, invalid } from '../core/option-checks.ts'
import type { LockEvent } from '../core/outcome.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { aborted, closedError, lockTaken, lockUnreachable } from './faults.ts'
import type { Gate } from './gate.ts'
import { HeldLock, type LockPlace, type LockStart } from './held-lock.ts'
import type { Tasks } from './tasks.ts'

/** Characters of a name, before they are encoded. */
const nameMax = 200
const ttlRangeMs = { min: 100, max: 3_600_000 }
/** Pauses between two attempts while somebody else holds it. */
const pauseFirstMs = 10
const pauseMostMs = 250

export interface LockerParts {
  readonly engine: Engine
  readonly gate: Gate
  /** What callers run inside the cache; closing waits for it. */
  readonly works: Tasks
  /** Fires when the cache begins to close. */
  readonly closing: AbortSignal
}

export type LockedWork<T> = (signal: AbortSignal, fence: number) => T | PromiseLike<T>

/** The options of `lock`, resolved. */
interface LockAsk extends LockPlace {
  readonly waitMs: number
  /** Ends the wait: the caller's, or that of a cache that closes. */
  readonly signal: AbortSignal
}

export class Locker {
  readonly #parts: LockerParts

  constructor(parts: LockerParts) {
    this.#parts = parts
  }

  /** Rejects with `SP_LOCK_TAKEN`, `SP_REDIS_DOWN`, `SP_ABORTED`, and with what `work` throws. */
  async lock<T>(name: string, options: LockOptions, work: LockedWork<T>): Promise<T> {
    const ask = this.#asked(name, options)
    const holding = this.#hold(ask, work)
    this.#parts.works.run(holding)
    return holding
  }

  #asked(name: unknown, options: LockOptions): LockAsk {
    const { engine, closing } = this.#parts
    const encoded = encodedName(name)
    const fields = fieldsOf('lock', options, ['ttl', 'wait', 'signal'])
    const { signal } = fields
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw invalid('lock', 'signal', 'an AbortSignal', signal)
    }
    const ttlMs = durationIn('lock', fields, 'ttl', ttlRangeMs)
    if (ttlMs === undefined) throw invalid('lock', 'ttl', "a duration such as '30s'", undefined)
    return {
      name: encoded,
      partition: engine.store.partitionOf(encoded),
      token: engine.chance.token(),
      ttlMs,
      waitMs: durationIn('lock', fields, 'wait') ?? 0,
      signal: signal === undefined ? closing : AbortSignal.any([closing, signal]),
    }
  }

  async #hold<T>(ask: LockAsk, work: LockedWork<T>): Promise<T> {
    const taken = await this.#take(ask)
    const { engine, closing } = this.#parts
    const held = new HeldLock(engine, ask, { ...taken, closing })
    try {
      // The world may have changed while it was asked for.
      this.#refuseAborted(ask)
      return await work(held.signal, taken.fence)
    } finally {
      await held.end()
    }
  }

  async #take(ask: LockAsk): Promise<Omit<LockStart, 'closing'>> {
    const { clock, chance } = this.#parts.engine
    const startedMs = clock.now()
    const untilMs = startedMs + ask.waitMs
    for (let pauseMs = pauseFirstMs; ; pauseMs = Math.min(pauseMs * 2, pauseMostMs)) {
      this.#refuseAborted(ask)
      const { reply, sentMs } = await this.#ask(ask)
      if (reply === undefined) {
        this.#tell(ask, 'unreachable', startedMs)
        throw lockUnreachable(ask.name)
      }
      if (reply.kind === 'granted') {
        this.#tell(ask, 'held', startedMs)
        return { fence: reply.fence, sentMs }
      }
      const leftMs = untilMs - clock.now()
      if (leftMs <= 0) {
        this.#tell(ask, 'taken', startedMs)
        throw lockTaken(ask.name)
      }
      await this.#pause(Math.min(leftMs, pauseMs * (0.5 + chance.unit() / 2)), ask.signal)
    }
  }

  #tell({ name }: LockAsk, outcome: LockEvent['outcome'], startedMs: number): void {
    const { watchers, clock } = this.#parts.engine
    watchers.tell({ kind: 'lock', lock: name, outcome, waitMs: clock.now() - startedMs })
  }

  #refuseAborted({ signal, name }: LockAsk): void {
    if (this.#parts.closing.aborted) throw closedError()
    if (signal.aborted) throw aborted(name, signal.reason)
  }

  async #ask(ask: LockAsk): Promise<{ reply: LockReply | undefined; sentMs: number }> {
    const { engine, gate } = this.#parts
    const { name, token, ttlMs, partition } = ask
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    let sentMs = 0
    let sent: Promise<LockReply> | undefined
    const reply = await gate.write(partition, budget, () => {
      sentMs = engine.clock.now()
      sent = engine.store.lock(partition, { name, token, ttlMs })
      return sent
    })
    if (reply === undefined && sent !== undefined) engine.tasks.run(this.#giveBack(ask, sent))
    return { reply, sentMs }
  }

  /** A grant that nobody waited for. What can't be given back expires. */
  async #giveBack({ partition, name, token }: LockAsk, sent: Promise<LockReply>): Promise<void> {
    const late = await sent.catch(() => undefined)
    if (late?.kind !== 'granted') return
    await this.#parts.engine.store.unlock(partition, { name, token }).catch(() => {})
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        timer.cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = this.#parts.engine.clock.timer(ms, end)
      signal.addEventListener('abort', end)
    })
  }
}

function encodedName(name: unknown): string {
  const isFitting = typeof name === 'string' && name !== '' && name.length <= nameMax
  const encoded = isFitting ? encodePercent(name) : undefined
  if (encoded !== undefined) return encoded
  throw invalid('lock', 'name', `well-formed text of 1 to ${nameMax} characters`, name)
}
