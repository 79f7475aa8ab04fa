/**
 * Ordered `set` (CONTRACT 24, PROTOCOL 13): replaces a value of a lower order, fills
 * nothing where nothing is held, and tells every memory. One that could not be
 * executed is retried as an invalidation, never as a set.
 */
import type { SetReply } from '../core/contracts/store.ts'
import { StaleproofError } from '../core/errors.ts'
import type { SetOptions, SetResult } from '../core/handle.ts'
import { shortened } from '../core/life.ts'
import { invalid, ttlIn } from '../core/option-checks.ts'
import { formatTail } from '../core/slot.ts'
import { formatToken } from '../core/token.ts'
import { Budget } from '../resilience/index.ts'
import { askOf } from './ask-of.ts'
import { type Engine, newEpoch } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { Executor } from './executor.ts'
import type { FamilyRuntime, Stored } from './family-runtime.ts'
import { noOrder, pendingError } from './faults.ts'
import type { Fit } from './fitting.ts'
import type { Gate } from './gate.ts'
import type { Keeper } from './keeper.ts'
import { receiptOf, tokenPart } from './receipt.ts'

export interface SetterParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly keeper: Keeper
  readonly executor: Executor
  readonly gate: Gate
}

interface Sent {
  readonly reply: SetReply
  /** Of the incarnation that it was sent to. */
  readonly stamp: string | undefined
}

export class Setter {
  readonly #parts: SetterParts

  constructor(parts: SetterParts) {
    this.#parts = parts
  }

  async set(
    family: FamilyRuntime,
    id: unknown,
    value: unknown,
    options: SetOptions,
  ): Promise<SetResult> {
    const { engine, evictor, keeper } = this.#parts
    const key = family.keyText(id)
    const fit = fitOf(family, id, key, value, options)
    const packing = family.packer.pack(fit, key)
    const packed = packing instanceof Promise ? await packing : packing
    if (packed.kind === 'unfit') throw packed.error
    const stored = { fit, sealed: packed.sealed, loadMs: 0 }
    family.counters.sets++
    evictor.evictOlder(key, fit.order)
    const startedMs = engine.clock.now()
    const sent = await this.#send(family, key, stored, options)
    evictor.evictOlder(key, fit.order)
    engine.watchers.tell({
      kind: 'set',
      via: 'call',
      family: family.name,
      key,
      why: sent?.reply.why,
      origin: engine.settings.service,
      reason: options.reason ?? '',
      ms: engine.clock.now() - startedMs,
    })
    if (sent === undefined) throw await this.#keepForLater(family, key, options)
    const ask = { ...askOf(key, family.rules), order: fit.order }
    const partition = engine.store.partitionOf(key)
    keeper.acknowledged({ partition, wishes: [{ kind: 'key', ask }] })
    const { why, counted } = sent.reply
    const token = formatToken([tokenPart(partition, sent.stamp, counted)])
    return { stored: why === 'stored', why, token }
  }

  #send(
    family: FamilyRuntime,
    key: string,
    stored: Stored,
    options: SetOptions,
  ): Promise<Sent | undefined> {
    const { fit } = stored
    const { engine, executor, gate } = this.#parts
    const { store, chance, clock, settings } = engine
    const partition = store.partitionOf(key)
    // An invalidation that was asked for before it is said before it.
    executor.hurry(partition)
    return gate.write(partition, new Budget(clock, settings.budgetMs), async () => {
      const stamp = store.connectedOf(partition)?.stamp
      const reply = await store.set(partition, {
        stamp: stamp ?? '',
        newEpoch: newEpoch(engine),
        key,
        fid: chance.token(),
        order: fit.order,
        schema: family.version,
        tags: fit.tags,
        lifeMs: fit.life.lifeMs,
        tail: formatTail(family.slotTail(stored)),
        mayFillEmpty: family.rules.isSetOnly,
        origin: settings.process,
        reason: options.reason ?? '',
      })
      return { reply, stamp }
    })
  }

  async #keepForLater(
    family: FamilyRuntime,
    key: string,
    options: SetOptions,
  ): Promise<StaleproofError> {
    const { engine, evictor, keeper } = this.#parts
    const partition = engine.store.partitionOf(key)
    evictor.evict(key)
    const ask = askOf(key, family.rules)
    const reason = options.reason ?? 'set'
    const wishes = [{ kind: 'key', ask }] as const
    await keeper.keep({ partition, wishes, reason, sent: undefined })
    engine.watchers.tell({
      kind: 'invalidate',
      via: 'call',
      keys: [key],
      tags: [],
      origin: engine.settings.service,
      reason,
      subject: options.subject,
      reached: 0,
      pending: [key],
      ms: 0,
    })
    const stamp = engine.store.connectedOf(partition)?.stamp
    const untold = { partition, names: [key], stamp, reply: undefined, barrier: undefined }
    return pendingError(receiptOf([untold], { ms: 0, durable: undefined }))
  }
}

/** Throws what makes the value unfit: a `set` has nobody else to tell. */
function fitOf(
  family: FamilyRuntime,
  id: unknown,
  key: string,
  value: unknown,
  options: SetOptions,
): Fit {
  if (!family.rules.isOrdered) throw noOrder(family.name)
  const fitting = family.packer.fit(value, id, key)
  if (fitting.kind === 'unfit') throw fitting.error
  if (fitting.kind === 'forgotten' || fitting.isAbsent) {
    const details = { family: family.name, key, expected: 'a value', received: 'undefined' }
    throw new StaleproofError('SP_VALUE_NOT_CARRIED', `set of '${key}'`, details)
  }
  const ttlMs = ttlIn('set', { ttl: options.ttl }, 'ttl')
  if (ttlMs === undefined) return fitting
  if (ttlMs > family.rules.ttlMs) {
    const expected = `at most ${family.rules.ttlMs} ms, the ttl of the family '${family.name}'`
    throw invalid('set', 'ttl', expected, options.ttl)
  }
  return { ...fitting, life: shortened(family.rules.refresh, fitting.life, ttlMs) }
}
