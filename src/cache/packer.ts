/**
 * The way of a family's values into payloads and back: checked, guarded, frozen, encoded
 * and sealed; opened, checked again and frozen.
 *
 * Its steps take as long as a value is large, and nothing else runs meanwhile. So those of
 * a large value are spread over several turns of the event loop: what is checked is fit to
 * be served at once, its payload follows.
 */
import type { CatalogFamily } from '../core/catalog.ts'
import type { Encoded, Envelope, Sealed } from '../core/envelope.ts'
import { isStaleproofError, type StaleproofError } from '../core/errors.ts'
import { familyVersion } from '../core/family-version.ts'
import { Guard } from '../core/guard.ts'
import { type SchemaCheck, schemaCheck } from '../core/schema.ts'
import type { ValueSlot } from '../core/slot.ts'
import { carry, deepFreeze } from '../core/value.ts'
import { invalidValue, notCarried, sensitive, slotCorrupt, tooLarge, unusable } from './faults.ts'
import type { Fit, Fitting, Packed, Unfit } from './fitting.ts'
import type { Lifetimes } from './lifetimes.ts'

/** Of more parts the walk alone takes a millisecond; to encode them is left to another turn. */
const partsAtOnceMax = 4_096
/** Habits of a family, not accidents: each is reported once. */
const habits: readonly string[] = ['SP_VALUE_NOT_CARRIED', 'SP_VALUE_SENSITIVE']

export interface PackerParts {
  readonly family: CatalogFamily
  readonly envelope: Envelope
  readonly lifetimes: Lifetimes
}

export type Unpacked =
  | { readonly isUsable: true; readonly value: unknown }
  | { readonly isUsable: false; readonly error: StaleproofError }

export class Packer {
  /** Of the family. */
  readonly version: string
  readonly #parts: PackerParts
  readonly #schema: SchemaCheck
  readonly #guard: Guard | undefined
  readonly #reported = new Set<string>()

  constructor(parts: PackerParts) {
    const { family, envelope } = parts
    this.version = familyVersion(family.template.text, envelope.name, family.rules)
    this.#parts = parts
    this.#schema = schemaCheck(family.name, family.rules)
    this.#guard = family.rules.isGuarded ? new Guard() : undefined
  }

  /** Checks and freezes what a source returned, and says how long it lives. */
  fit(loaded: unknown, id: unknown, key: string): Fitting {
    const { name, rules } = this.#parts.family
    if (loaded === undefined) return this.#fitAbsent(id, key)
    const checked = this.#schema.check(loaded)
    if (!checked.ok) return unfit(loaded, 'invalid', invalidValue(name, key, checked.issues))
    const { value } = checked
    const carried = carry(value, rules.isFrozen, this.#guard)
    if (carried.ok) {
      // What is not frozen may be changed by whoever has it in the next turn.
      const isLarge = carried.parts > partsAtOnceMax && rules.isFrozen
      return this.#described({ value, isAbsent: false, isLarge, id, key })
    }
    if (carried.isSensitive) return unfit(value, 'sensitive', sensitive(name, key, carried))
    return unfit(value, 'notCarried', notCarried(name, key, carried))
  }

  /** The payload, now or later. */
  pack(fit: Fit, key: string): Packed | Unfit | Promise<Packed | Unfit> {
    if (fit.isAbsent) {
      const sealed = { mark: this.#parts.envelope.name, payload: '' }
      return packed(sealed, 0)
    }
    return fit.encoded === undefined ? this.#packLater(fit, key) : this.#seal(fit, fit.encoded, key)
  }

  unpack({ meta, payload }: ValueSlot, key: string): Unpacked | Promise<Unpacked> {
    if (meta.absent) return { isUsable: true, value: undefined }
    try {
      const sealed = { mark: meta.codec, payload }
      const opened = this.#parts.envelope.open(sealed, { key, version: this.version })
      if (!(opened instanceof Promise)) return this.#checked(opened, key)
      return opened
        .then((value: unknown) => this.#checked(value, key))
        .catch((cause: unknown) => this.#unreadable(key, cause))
    } catch (cause) {
      return this.#unreadable(key, cause)
    }
  }

  isNews({ code }: StaleproofError): boolean {
    if (!habits.includes(code)) return true
    const isFirst = !this.#reported.has(code)
    this.#reported.add(code)
    return isFirst
  }

  #fitAbsent(id: unknown, key: string): Fitting {
    if (this.#parts.family.rules.negativeTtlMs === undefined) {
      return { kind: 'forgotten', value: undefined, result: 'forgotten' }
    }
    return this.#described({ value: undefined, isAbsent: true, isLarge: false, id, key })
  }

  /** Adds what codec and author's functions say of the value; one that throws makes it unfit. */
  #described(part: {
    readonly value: unknown
    readonly isAbsent: boolean
    readonly isLarge: boolean
    readonly id: unknown
    readonly key: string
  }): Fitting {
    const { value, isAbsent, key } = part
    const { family, envelope, lifetimes } = this.#parts
    const { rules } = family
    try {
      const encoded = isAbsent || part.isLarge ? undefined : envelope.encode(value)
      const refusal = encoded && this.#refusal(value, encoded, key)
      if (refusal !== undefined) return refusal
      const order = isAbsent ? '' : rules.orderOf(value)
      const tags = rules.isTagged ? [family.tag, ...rules.tagsOf(value, part.id)] : [family.tag]
      const chars = part.isLarge ? Number.POSITIVE_INFINITY : (encoded?.sizeBytes ?? 0)
      const { ttl, life } = lifetimes.of({ key, value, isAbsent, chars })
      return { kind: 'fit', value, encoded, isAbsent, order, tags, ttl, life }
    } catch (cause) {
      return this.#unusable(value, key, cause)
    }
  }

  async #packLater(fit: Fit, key: string): Promise<Packed | Unfit> {
    try {
      const encoded = await this.#parts.envelope.encodeLater(fit.value)
      return this.#refusal(fit.value, encoded, key) ?? (await this.#seal(fit, encoded, key))
    } catch (cause) {
      return this.#unusable(fit.value, key, cause)
    }
  }

  #seal({ value }: Fit, encoded: Encoded, key: string): Packed | Unfit | Promise<Packed | Unfit> {
    try {
      const sealed = this.#parts.envelope.seal(encoded, { key, version: this.version })
      const { sizeBytes } = encoded
      if (!(sealed instanceof Promise)) return packed(sealed, sizeBytes)
      return sealed.then(
        (late) => packed(late, sizeBytes),
        (cause: unknown) => this.#unusable(value, key, cause),
      )
    } catch (cause) {
      return this.#unusable(value, key, cause)
    }
  }

  #refusal(value: unknown, { sizeBytes }: Encoded, key: string): Unfit | undefined {
    const { name, rules } = this.#parts.family
    const most = rules.maxValueBytes
    if (sizeBytes <= most) return undefined
    return unfit(value, 'tooLarge', tooLarge(name, key, sizeBytes, most))
  }

  #checked(opened: unknown, key: string): Unpacked {
    const { name, rules } = this.#parts.family
    const checked = this.#schema.check(opened)
    if (!checked.ok) {
      return { isUsable: false, error: slotCorrupt(name, key, 'a value that fits the schema') }
    }
    if (rules.isFrozen) deepFreeze(checked.value)
    return { isUsable: true, value: checked.value }
  }

  #unreadable(key: string, cause: unknown): Unpacked {
    if (isStaleproofError(cause)) return { isUsable: false, error: cause }
    const { family, envelope } = this.#parts
    const expected = `a payload of codec ${envelope.name}`
    return { isUsable: false, error: slotCorrupt(family.name, key, expected) }
  }

  #unusable(value: unknown, key: string, cause: unknown): Unfit {
    const error = isStaleproofError(cause) ? cause : unusable(this.#parts.family.name, key, cause)
    return unfit(value, 'invalid', error)
  }
}

function packed(sealed: Sealed, rawBytes: number): Packed {
  return { kind: 'packed', sealed, rawBytes }
}

function unfit(value: unknown, result: Unfit['result'], error: StaleproofError): Unfit {
  return { kind: 'unfit', value, result, error }
}
