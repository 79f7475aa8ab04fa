/** How much of one core a process used lately: replicas are advised from it. */

/** What is looked back at. */
const windowMs = 60_000
/** Less says more about chance than about use. */
const shortestMs = 10_000

interface Reading {
  readonly atMs: number
  readonly usedMs: number
}

export class ProcessorShare {
  readonly #usedMs: () => number
  readonly #readings: Reading[] = []

  /** `usedMs`: by this process since its start, of all cores. */
  constructor(usedMs: () => number = () => processMs()) {
    this.#usedMs = usedMs
  }

  /** To be asked every few seconds; undefined: too early to say. */
  at(nowMs: number): number | undefined {
    const now = { atMs: nowMs, usedMs: this.#usedMs() }
    this.#readings.push(now)
    while ((this.#readings[1]?.atMs ?? nowMs) <= nowMs - windowMs) this.#readings.shift()
    const first = this.#readings[0] ?? now
    const spanMs = nowMs - first.atMs
    return spanMs < shortestMs ? undefined : (now.usedMs - first.usedMs) / spanMs
  }
}

function processMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
