/**
 * A family in one process: its compiled declaration, its source if this process has
 * one, its part of the memory, its counters, and the way of its values into the text
 * of a slot and back.
 */
import type { CatalogFamily } from '../core/catalog.ts'
import type { Codec } from '../core/codec.ts'
import type { Chance } from '../core/contracts/clock.ts'
import type { MemoryId, Region } from '../core/contracts/memory.ts'
import type { LeaseReply } from '../core/contracts/store.ts'
import { isStaleproofError, type StaleproofError } from '../core/errors.ts'
import { familyVersion } from '../core/family-version.ts'
import type { StoreResult } from '../core/outcome.ts'
import type { ResolvedSource } from '../core/resolved-options.ts'
import { type SchemaCheck, schemaCheck } from '../core/schema.ts'
import { formatValue, type ValueSlot } from '../core/slot.ts'
import { carry, deepFreeze } from '../core/value.ts'
import { FamilyCounters } from './counters.ts'
import { invalidValue, notCarried, tooLarge, unusable } from './faults.ts'
import type { Fit, Fitting } from './fitting.ts'

/** Lives are shortened by up to this share, so that what was stored together expires apart. */
const jitterShare = 0.1
/** What an entry costs besides its payload: keys, numbers, places in maps. */
const entryOverheadBytes = 300

export interface FamilyParts {
  readonly family: CatalogFamily
  readonly source: ResolvedSource | undefined
  readonly region: Region
  readonly codec: Codec
  readonly chance: Chance
}

export type Decoded =
  | { readonly isUsable: true; readonly value: unknown }
  | { readonly isUsable: false; readonly expected: string }

/** Who and when, for the text of a slot. */
export type SlotIdentity = Pick<ValueSlot, 'stamp' | 'epoch' | 'clock' | 'fid' | 'bornMs'>

export class FamilyRuntime {
  readonly name: string
  readonly version: string
  readonly source: ResolvedSource | undefined
  readonly region: Region
  readonly counters: FamilyCounters = new FamilyCounters()
  readonly memoryId: (id: unknown) => MemoryId
  readonly keyText: (id: unknown) => string
  readonly #parts: FamilyParts
  readonly #schema: SchemaCheck
  #tagsFollowFromId = true
  #hasReported = false

  constructor(parts: FamilyParts) {
    const { family, source, region, codec } = parts
    this.name = family.name
    this.version = familyVersion(family.template.text, codec.name, family.rules)
    this.source = source
    this.region = region
    this.memoryId = family.template.memoryId
    this.keyText = family.template.keyText
    this.#parts = parts
    this.#schema = schemaCheck(family.name, family.rules)
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
    const { tag } = this.#parts.family
    if (this.#tagsFollowFromId) {
      try {
        return [tag, ...this.rules.tagsOf(undefined, id)]
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

  /** Checks, freezes and encodes what a source returned. */
  fit(loaded: unknown, id: unknown, key: string): Fitting {
    if (loaded === undefined) return this.#fitAbsent(id, key)
    const checked = this.#schema.check(loaded)
    if (!checked.ok) {
      return unfit(loaded, 'invalid', invalidValue(this.name, key, checked.issues))
    }
    const { value } = checked
    const carried = carry(value, this.rules.isFrozen)
    if (!carried.ok) {
      const error = notCarried(this.name, key, carried.path, carried.what)
      return unfit(value, 'notCarried', error)
    }
    return this.#described({ value, isAbsent: false, ttlMs: this.rules.ttlMs, id, key })
  }

  slotText(fit: Fit, identity: SlotIdentity): string {
    return formatValue({
      ...identity,
      ...this.slotTail(fit),
      order: fit.order,
      schema: this.version,
    })
  }

  slotTail(fit: Fit): Pick<ValueSlot, 'softMs' | 'lifeMs' | 'meta' | 'payload'> {
    const { lifeMs, isAbsent, tags, payload } = fit
    const meta = { loadMs: 0, codec: this.#parts.codec.name, absent: isAbsent, tags }
    return { softMs: lifeMs, lifeMs, meta, payload }
  }

  decode(slot: ValueSlot): Decoded {
    if (slot.meta.absent) return { isUsable: true, value: undefined }
    const { codec } = this.#parts
    if (slot.meta.codec !== codec.name) return { isUsable: false, expected: `codec ${codec.name}` }
    let decoded: unknown
    try {
      decoded = codec.decode(slot.payload)
    } catch {
      return { isUsable: false, expected: `a payload of codec ${codec.name}` }
    }
    const checked = this.#schema.check(decoded)
    if (!checked.ok) return { isUsable: false, expected: 'a value that fits the schema' }
    if (this.rules.isFrozen) deepFreeze(checked.value)
    return { isUsable: true, value: checked.value }
  }

  /** Values that can't be carried are the family's habit: it is reported once. */
  isNews(error: StaleproofError): boolean {
    if (error.code !== 'SP_VALUE_NOT_CARRIED') return true
    const isFirst = !this.#hasReported
    this.#hasReported = true
    return isFirst
  }

  /** An estimate: text in two bytes a character is what most values take up at most. */
  sizeOf(payload: string): number {
    return payload.length * 2 + entryOverheadBytes
  }

  #fitAbsent(id: unknown, key: string): Fitting {
    const { negativeTtlMs } = this.rules
    if (negativeTtlMs === undefined) {
      return { kind: 'forgotten', value: undefined, result: 'forgotten' }
    }
    return this.#described({ value: undefined, isAbsent: true, ttlMs: negativeTtlMs, id, key })
  }

  /** Adds what codec and author's functions say of the value; one that throws makes it unfit. */
  #described(part: {
    readonly value: unknown
    readonly isAbsent: boolean
    readonly ttlMs: number
    readonly id: unknown
    readonly key: string
  }): Fitting {
    const { value, isAbsent } = part
    const { maxValueBytes } = this.rules
    const { codec } = this.#parts
    try {
      const payload = isAbsent ? '' : codec.encode(value)
      const bytes = codec.sizeBytes(payload)
      if (bytes > maxValueBytes) {
        return unfit(value, 'tooLarge', tooLarge(this.name, part.key, bytes, maxValueBytes))
      }
      const order = isAbsent ? '' : this.rules.orderOf(value)
      const tags = [this.#parts.family.tag, ...this.rules.tagsOf(value, part.id)]
      const lifeMs = Math.floor(part.ttlMs * (1 - jitterShare * this.#parts.chance.unit()))
      return { kind: 'fit', value, payload, isAbsent, order, tags, lifeMs }
    } catch (cause) {
      const error = isStaleproofError(cause) ? cause : unusable(this.name, part.key, cause)
      return unfit(value, 'invalid', error)
    }
  }
}

function unfit(value: unknown, result: StoreResult, error: StaleproofError): Fitting {
  return { kind: 'unfit', value, result, error }
}
