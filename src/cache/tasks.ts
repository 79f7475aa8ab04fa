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
    const task = work.then(
      () => {},
      (error) => this.#onFailure(error),
    )
    this.#running.add(task)
    void task.then(() => this.#running.delete(task))
  }

  /** Resolves when everything that runs now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }
}
