/**
 * A family in one process: its compiled declaration, its source if this process has
 * one, its part of the memory, its counters, and the texts of its slots.
 */
import type { CatalogFamily } from '../core/catalog.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { MemoryId, Region } from '../core/contracts/memory.ts'
import type { LeaseReply } from '../core/contracts/store.ts'
import type { Envelope, Sealed } from '../core/envelope.ts'
import { isFields } from '../core/option-checks.ts'
import type { ResolvedSource } from '../core/resolved-source.ts'
import { formatValue, type ValueSlot } from '../core/slot.ts'
import { FamilyCounters } from './counters.ts'
import type { Fit } from './fitting.ts'
import { Lifetimes } from './lifetimes.ts'
import { MissStreak } from './miss-streak.ts'
import { Packer } from './packer.ts'
import type { SourceGuard } from './source-guard.ts'

export interface FamilyParts {
  readonly family: CatalogFamily
  readonly source: ResolvedSource | undefined
  readonly guard: SourceGuard | undefined
  readonly region: Region
  readonly envelope: Envelope
  readonly clock: Clock
  readonly chance: Chance
}

/** What stands in a slot besides who and when. */
export interface Stored {
  readonly fit: Fit
  readonly sealed: Sealed
  /** How long the load took. */
  readonly loadMs: number
}

/** Who and when, for the text of a slot. */
export type SlotIdentity = Pick<ValueSlot, 'stamp' | 'epoch' | 'clock' | 'fid' | 'bornMs'>

export class FamilyRuntime {
  readonly name: string
  readonly version: string
  readonly source: ResolvedSource | undefined
  /** Where it has a source: says if that may be asked now. */
  readonly guard: SourceGuard | undefined
  readonly region: Region
  readonly counters: FamilyCounters = new FamilyCounters()
  readonly misses: MissStreak = new MissStreak()
  readonly memoryId: (id: unknown) => MemoryId
  readonly keyText: (id: unknown) => string
  readonly lifetimes: Lifetimes
  readonly packer: Packer
  readonly #parts: FamilyParts
  readonly #tagAlone: readonly string[]
  #tagsFollowFromId = true

  constructor(parts: FamilyParts) {
    const { family, source, region, envelope } = parts
    this.name = family.name
    this.source = source
    this.guard = parts.guard
    this.region = region
    this.memoryId = family.template.memoryId
    this.keyText = family.template.keyText
    const { refresh, lives } = family.rules
    this.lifetimes = new Lifetimes({ refresh, lives, clock: parts.clock, chance: parts.chance })
    this.#parts = parts
    this.#tagAlone = [family.tag]
    this.packer = new Packer({ family, envelope, lifetimes: this.lifetimes })
    this.version = this.packer.version
  }

  get rules(): CatalogFamily['rules'] {
    return this.#parts.family.rules
  }

  get template(): CatalogFamily['template'] {
    return this.#parts.family.template
  }

  /** False: a family without parameters, whose functions take no id. */
  get hasId(): boolean {
    return this.template.parameters.length > 0
  }

  /**
   * As it is now: an id of several fields belongs to its caller, who may change it later. Nobody
   * else may: tags are made of it when its source, which is given it, has answered.
   */
  ownId(id: unknown): unknown {
    return isFields(id) ? Object.freeze({ ...id }) : id
  }

  /** The key of what memory holds under an id. */
  keyOf(memoryId: MemoryId): string {
    const { length } = this.template.parameters
    if (length > 1) return String(memoryId)
    return this.keyText(length === 0 ? undefined : memoryId)
  }

  /** Keys of one call of the source; 1 where it takes one id each. */
  get batchMax(): number {
    return this.source?.many === undefined ? 1 : this.source.maxBatch
  }

  /**
   * The group clock of a load: that of its grant, but no later than its source may lag. A
   * group that was invalidated since then voids what it returned.
   */
  clockOf({ clock, serverMs }: LeaseReply): number {
    const { settleMs } = this.rules
    if (settleMs === 0) return clock
    return Math.min(clock, Math.max(0, Math.floor((serverMs - settleMs) * 1_000)))
  }

  /** Tags that can be told before the value is known; too many do no harm. */
  tagsBefore(id: unknown): readonly string[] {
    const { tag, rules } = this.#parts.family
    if (!rules.isTagged) return this.#tagAlone
    if (this.#tagsFollowFromId) {
      try {
        return [tag, ...rules.tagsOf(undefined, id)]
      } catch {
        // The author's function needs the value; then its tags are read after it.
        this.#tagsFollowFromId = false
      }
    }
    return [tag, ...this.#tagsById(id)]
  }

  /** An id too long for a tag has none; what is loaded for it is not stored. */
  #tagsById(id: unknown): readonly string[] {
    try {
      return this.rules.tagsById(id)
    } catch {
      return []
    }
  }

  slotText(stored: Stored, identity: SlotIdentity): string {
    const { stamp, epoch, clock, fid, bornMs } = identity
    const { softMs, lifeMs, meta, payload } = this.slotTail(stored)
    const { order } = stored.fit
    // Written out: a spread costs more than all the rest of it.
    // biome-ignore format: three lines read better than twelve.
    return formatValue({
      stamp, epoch, clock, fid, order, schema: this.version,
      bornMs, softMs, lifeMs, meta, payload,
    })
  }

  slotTail({
    fit,
    sealed,
    loadMs,
  }: Stored): Pick<ValueSlot, 'softMs' | 'lifeMs' | 'meta' | 'payload'> {
    const meta = { loadMs, codec: sealed.mark, absent: fit.isAbsent, tags: fit.tags }
    const { softMs, lifeMs } = fit.life
    return { softMs, lifeMs, meta, payload: sealed.payload }
  }
}
