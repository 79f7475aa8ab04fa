/** Something done again and again at its own pace, until it is stopped. */

export class Repeater {
  readonly #act: () => Promise<number>
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #fault: unknown

  /** `act` says in how many milliseconds from its start it is due again. */
  constructor(act: () => Promise<number>) {
    this.#act = act
  }

  start(): void {
    this.#running = this.#repeat().catch((fault: unknown) => {
      this.#fault = fault
    })
  }

  /** Resolves when nothing is under way; rejects if it ended before by a fault. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    if (this.#fault !== undefined) throw this.#fault
  }

  async #repeat(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const beganMs = performance.now()
      const periodMs = await this.#act()
      await pause(beganMs + periodMs - performance.now(), signal)
    }
  }
}

/** Ends early when the signal fires. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(0, ms))
    signal.addEventListener('abort', done)
  })
}
