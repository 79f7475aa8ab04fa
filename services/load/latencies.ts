/** How long the requests of each kind took, and which of them failed. */
import { percentile } from '../tour/staleness.ts'

export interface EndpointReport {
  readonly name: string
  readonly count: number
  readonly errors: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

const examplesMax = 5

export class Latencies {
  readonly #byName = new Map<string, { times: number[]; errors: number }>()
  readonly #examples: string[] = []

  add(name: string, ms: number): void {
    this.#of(name).times.push(ms)
  }

  /** One of those that were added. */
  fail(name: string, what: string): void {
    this.#of(name).errors += 1
    if (this.#examples.length < examplesMax) this.#examples.push(`${name}: ${what}`)
  }

  /** The first failures, in words. */
  get examples(): readonly string[] {
    return this.#examples
  }

  report(): readonly EndpointReport[] {
    return [...this.#byName].map(([name, { times, errors }]) => ({
      name,
      count: times.length,
      errors,
      p50Ms: percentile(times, 0.5),
      p95Ms: percentile(times, 0.95),
      p99Ms: percentile(times, 0.99),
    }))
  }

  #of(name: string): { times: number[]; errors: number } {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const made = { times: [], errors: 0 }
    this.#byName.set(name, made)
    return made
  }
}
