/**
 * Keeps labels bounded: of an open label the first names keep their own series for as long as
 * the process lives, all others share one, so that no series changes what it counts.
 */
import { type LabelValues, otherName } from './definition.ts'

/** The values that a label may have. */
export class LabelBound {
  readonly #known: Set<string>
  readonly #max: number

  constructor(values: LabelValues) {
    this.#known = new Set('max' in values ? [] : values)
    this.#max = 'max' in values ? values.max : 0
  }

  /** The value that a series has for what a label is asked to say. */
  of(name: string): string {
    if (this.#known.has(name)) return name
    if (this.#known.size >= this.#max) return otherName
    this.#known.add(name)
    return name
  }
}

export class NameBounds {
  /** Of open labels, which mean the same wherever they stand. */
  readonly #open = new Map<string, LabelBound>()

  of(label: string, values: LabelValues): LabelBound {
    if (!('max' in values)) return new LabelBound(values)
    const known = this.#open.get(label) ?? new LabelBound(values)
    this.#open.set(label, known)
    return known
  }
}
