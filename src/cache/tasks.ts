/** Work that nobody awaits: counted, so that `settled` and `close` can wait for it. */
export class Tasks {
  readonly #running = new Set<Promise<void>>()
  readonly #onFailure: (error: unknown) => void

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  get count(): number {
    return this.#running.size
  }

  run(work: Promise<unknown>): void {
    const task: Promise<void> = work.then(
      () => {
        this.#running.delete(task)
      },
      (error) => {
        this.#running.delete(task)
        this.#onFailure(error)
      },
    )
    this.#running.add(task)
  }

  /** Resolves when everything that runs now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }
}
