/** What comes one by one, aligned with what was asked for. */
export class Collected<T> {
  readonly #items: T[]
  #missing: number
  #failed: { readonly error: unknown } | undefined
  #told: (() => void)[] = []

  constructor(count: number) {
    this.#items = new Array<T>(count)
    this.#missing = count
  }

  /** Each once. */
  put(index: number, item: T): void {
    this.#items[index] = item
    this.#missing--
    if (this.#missing === 0) this.#tell()
  }

  /** One of them, put or not, is none that was hoped for. */
  fail(error: unknown): void {
    this.#failed ??= { error }
    this.#tell()
  }

  /** Resolves when all are there. */
  all(): Promise<readonly T[]> {
    return new Promise((resolve) => {
      this.#when(() => this.#missing === 0 && resolve(this.#items))
    })
  }

  /** The same, but rejects with the first failure, whatever else is to come. */
  allGood(): Promise<readonly T[]> {
    return new Promise((resolve, reject) => {
      this.#when(() => {
        if (this.#failed !== undefined) reject(this.#failed.error)
        else if (this.#missing === 0) resolve(this.#items)
      })
    })
  }

  #when(look: () => void): void {
    this.#told.push(look)
    look()
  }

  #tell(): void {
    for (const look of this.#told) look()
  }
}
