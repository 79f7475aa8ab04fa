// What the bot has not taken yet. `getUpdates` with an offset acknowledges all before it; without
// anything new it waits. As in the real service only one poll waits at a time: a later one ends the
// earlier one with a conflict, which also frees the place of a bot that vanished.

export interface Update {
  readonly update_id: number
  readonly [kind: string]: unknown
}

/** Beyond it nothing is taken from the chats until the bot reads. */
export const UPDATES_MAX = 1_000

export type PollResult = readonly Update[] | 'conflict'

export class UpdateQueue {
  #waiting: Update[] = []
  #nextId = 1
  #poll: ((result: PollResult) => void) | undefined

  /** True while a bot waits for updates. */
  get isPolled(): boolean {
    return this.#poll !== undefined
  }

  get length(): number {
    return this.#waiting.length
  }

  /** False when the queue is full. */
  push(content: Readonly<Record<string, unknown>>): boolean {
    if (this.#waiting.length >= UPDATES_MAX) return false
    this.#waiting.push({ update_id: this.#nextId, ...content })
    this.#nextId += 1
    this.#poll?.(this.#waiting.slice(0, 1))
    return true
  }

  clear(): void {
    this.#waiting = []
  }

  /** Resolves to what is there, at the latest when the time is up or the signal aborts. */
  poll(request: {
    readonly offset: number
    readonly limit: number
    readonly timeoutMs: number
    readonly signal: AbortSignal
  }): Promise<PollResult> {
    const { offset, limit, timeoutMs, signal } = request
    this.#waiting = this.#waiting.filter((update) => update.update_id >= offset)
    this.#poll?.('conflict')
    if (this.#waiting.length > 0 || timeoutMs === 0 || signal.aborted) {
      return Promise.resolve(this.#waiting.slice(0, limit))
    }
    return new Promise((resolve) => {
      const finish = (result: PollResult) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        if (this.#poll === finish) this.#poll = undefined
        resolve(result)
      }
      const onAbort = () => finish([])
      const timer = setTimeout(() => finish([]), timeoutMs)
      signal.addEventListener('abort', onAbort)
      this.#poll = finish
    })
  }
}
