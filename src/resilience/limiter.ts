/** At most so many tasks at once; the others wait in line, first come first served. */
export class Limiter {
  readonly #most: number
  readonly #line: (() => void)[] = []
  #running = 0

  constructor(most: number) {
    this.#most = most
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#line.push(resolve))
    else this.#running++
    try {
      return await task()
    } finally {
      const next = this.#line.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
