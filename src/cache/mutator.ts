/**
 * A write with its keys quarantined around the commit (PROTOCOL 3.5, 13):
 *
 *   place the quarantines ──▶ write ──▶ release them: an invalidation that ends them
 *
 * Readers in between load without storing. Whatever becomes of the write it is released,
 * because the commit may have happened although an error came back; whoever dies on the
 * way leaves quarantines that run out. The cache never undoes or blocks a write: callers
 * are told of its failures by receipts and observers alone.
 */
import type { Mutated } from '../core/cache.ts'
import { isStaleproofError } from '../core/errors.ts'
import type { MutateOptions } from '../core/handle.ts'
import type { MutateEvent } from '../core/outcome.ts'
import type { Receipt } from '../core/receipt.ts'
import type { MutationStats } from '../core/stats.ts'
import { formatToken, type TokenPart } from '../core/token.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { mutateKeysFailed, mutateNested, mutateTooLarge, notQuarantined } from './faults.ts'
import type { Gate } from './gate.ts'
import type { Invalidator, Target } from './invalidator.ts'
import type { Quarantine, QuarantineKeeper } from './quarantine-keeper.ts'
import type { Tasks } from './tasks.ts'
import type { WriteScope } from './write-scope.ts'

/** Keys of one write. More are a group: they have a tag, or are a family. */
export const mutateKeysMax = 1_000

export interface MutatorParts {
  readonly engine: Engine
  readonly gate: Gate
  readonly invalidator: Invalidator
  readonly quarantines: QuarantineKeeper
  readonly writes: WriteScope
  /** What callers run inside the cache; closing waits for it. */
  readonly works: Tasks
}

export interface Mutation<T> {
  readonly keys: readonly Target[] | ((result: T) => readonly Target[])
  readonly write: () => T | PromiseLike<T>
  readonly options: MutateOptions
}

type Written<T> =
  | { readonly isDone: true; readonly value: T }
  | { readonly isDone: false; readonly error: unknown }

/** What stands around a write while it runs. */
interface Protection {
  readonly quarantine: Quarantine | undefined
  /** All keys that should be are in quarantine. */
  readonly isWhole: boolean
}

/** What observers are told besides the keys. */
interface About {
  readonly options: MutateOptions
  readonly startedMs: number
  readonly isProtected: boolean
}

export class Mutator {
  readonly #parts: MutatorParts
  #running = 0
  #unprotected = 0

  constructor(parts: MutatorParts) {
    this.#parts = parts
  }

  stats(): MutationStats {
    const quarantinedKeys = this.#parts.quarantines.keyCount
    return { running: this.#running, quarantinedKeys, unprotected: this.#unprotected }
  }

  async mutate<T>(mutation: Mutation<T>): Promise<T | Mutated<T>> {
    this.#running++
    const work = this.#mutate(mutation).finally(() => {
      this.#running--
    })
    this.#parts.works.run(work)
    return work
  }

  async #mutate<T>(mutation: Mutation<T>): Promise<T | Mutated<T>> {
    const { engine, writes } = this.#parts
    const { options, write } = mutation
    const startedMs = engine.clock.now()
    const known = typeof mutation.keys === 'function' ? [] : mutation.keys
    const keys = this.#checked(known)
    const protection = await this.#protect(loadedKeys(known), options)
    const about = { options, startedMs, isProtected: protection.isWhole }
    if (!protection.isWhole && options.whenRedisIsDown === 'refuse') {
      this.#giveBack(known, protection.quarantine, options)
      this.#tell('refused', known, about)
      throw notQuarantined(keys.length)
    }
    if (!protection.isWhole) this.#goOnWithout(protection)
    const written = await settledOf(() => writes.run(keys, write))
    const targets = this.#targetsOf(mutation, written)
    const release = targets
      ? this.#release(targets, protection.quarantine, options)
      : Promise.resolve(unknownReceipt(engine))
    engine.tasks.run(release)
    this.#tell(written.isDone ? 'committed' : 'failed', targets ?? [], about)
    if (!written.isDone) throw written.error
    if (options.receipt === true) return { value: written.value, receipt: await release }
    // What was not in quarantine is kept from nobody until the release has been answered.
    const isKnown = typeof mutation.keys !== 'function' && loadedKeys(known).length === keys.length
    const isCovered = isKnown && protection.isWhole
    if (options.barrier === true || !isCovered) await release
    return written.value
  }

  #checked(targets: readonly Target[]): readonly string[] {
    const keys = [...new Set(targets.map(({ key }) => key))]
    if (keys.length > mutateKeysMax) throw mutateTooLarge(keys.length, mutateKeysMax)
    const nested = keys.find((key) => this.#parts.writes.covers(key))
    if (nested !== undefined) throw mutateNested(nested)
    return keys
  }

  async #protect(keys: readonly string[], options: MutateOptions): Promise<Protection> {
    if (keys.length === 0) return { quarantine: undefined, isWhole: true }
    const { engine, gate, quarantines } = this.#parts
    const quarantine = quarantines.begin(keys, options.reason ?? '')
    if (quarantine === undefined) return { quarantine, isWhole: false }
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    const replies = await Promise.all(
      quarantine.placements.map((placement) =>
        gate.write(placement.partition, budget, () => quarantines.place(placement)),
      ),
    )
    return { quarantine, isWhole: !replies.includes(undefined) }
  }

  /** What could not be placed in time still is when the server answers again. */
  #goOnWithout({ quarantine }: Protection): void {
    this.#unprotected++
    if (quarantine !== undefined) this.#parts.quarantines.keep(quarantine)
  }

  /**
   * The keys after the write; those in quarantine are released whatever became of it.
   * Undefined: the write has happened, but what it changed could not be told.
   */
  #targetsOf<T>({ keys }: Mutation<T>, written: Written<T>): readonly Target[] | undefined {
    if (typeof keys !== 'function') return keys
    if (!written.isDone) return []
    try {
      return keys(written.value)
    } catch (cause) {
      this.#parts.engine.watchers.tell({ kind: 'fault', error: mutateKeysFailed(cause) })
      return undefined
    }
  }

  /** Evicts at once. Its receipt, also where the release is still pending. */
  async #release(
    targets: readonly Target[],
    quarantine: Quarantine | undefined,
    options: MutateOptions,
  ): Promise<Receipt> {
    const { invalidator, quarantines } = this.#parts
    if (quarantine !== undefined) quarantines.end(quarantine)
    const tokens = quarantine === undefined ? [] : [quarantine.token]
    try {
      return await invalidator.invalidate(
        targets.map((target) => ({ ...target, tokens })),
        options,
      )
    } catch (error) {
      const isPending = isStaleproofError(error, 'SP_INVALIDATION_PENDING')
      if (isPending && error.receipt !== undefined) return error.receipt
      throw error
    }
  }

  /** Nothing will be written: only what may have been placed is taken back. */
  #giveBack(
    targets: readonly Target[],
    quarantine: Quarantine | undefined,
    options: MutateOptions,
  ): void {
    if (quarantine === undefined) return
    const { engine, quarantines } = this.#parts
    const sent = new Set(quarantines.keysAsked(quarantine))
    const { reason = '' } = options
    const placed = targets.filter(({ key }) => sent.has(key))
    engine.tasks.run(this.#release(placed, quarantine, { reason }))
  }

  #tell(outcome: MutateEvent['outcome'], targets: readonly Target[], about: About): void {
    const { engine } = this.#parts
    const { options, startedMs, isProtected } = about
    engine.watchers.tell({
      kind: 'mutate',
      keys: targets.map(({ key }) => key),
      outcome,
      quarantined: isProtected,
      reason: options.reason ?? '',
      subject: options.subject,
      ms: engine.clock.now() - startedMs,
    })
  }
}

async function settledOf<T>(write: () => Promise<T>): Promise<Written<T>> {
  try {
    return { isDone: true, value: await write() }
  } catch (error) {
    return { isDone: false, error }
  }
}

/** Nothing was invalidated: only reads that go to the source see such a write. */
function unknownReceipt({ partitions, store }: Engine): Receipt {
  const parts = partitions.map(({ index }): TokenPart => {
    const stamp = store.connectedOf(index)?.stamp
    return { partition: index, stamp, epoch: undefined, seq: undefined, pending: true }
  })
  return { keys: [], reached: 0, pending: [], ms: 0, token: formatToken(parts) }
}

/**
 * Nobody loads what is only set, so nobody has to be kept from storing; and its order has
 * to be left behind by the invalidation, which a quarantine would forget.
 */
function loadedKeys(targets: readonly Target[]): readonly string[] {
  const loaded = targets.filter(({ family }) => !family.rules.isSetOnly)
  return [...new Set(loaded.map(({ key }) => key))]
}
