// How many rows of each file were used, and why the others were not. Shown at `/debug/health` and
// logged.

export interface FileCount {
  readonly file: string
  readonly used: number
  readonly skipped: number
  /** Rows skipped, by reason. */
  readonly reasons: Readonly<Record<string, number>>
}

/** Counts the rows of one file while it is read. */
export class RowCount {
  readonly #file: string
  readonly #reasons = new Map<string, number>()
  #used = 0

  constructor(file: string) {
    this.#file = file
  }

  use(): void {
    this.#used += 1
  }

  skip(reason: string): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
  }

  get rows(): number {
    return this.#used + this.#skipped()
  }

  toJSON(): FileCount {
    return {
      file: this.#file,
      used: this.#used,
      skipped: this.#skipped(),
      reasons: Object.fromEntries(this.#reasons),
    }
  }

  #skipped(): number {
    let sum = 0
    for (const count of this.#reasons.values()) sum += count
    return sum
  }
}
