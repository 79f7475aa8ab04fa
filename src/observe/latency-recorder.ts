/** How long reads that left memory, loads and calls to Redis took: what a process publishes. */
import { Histogram } from '../base/histogram.ts'
import type { CacheEvent, Observer } from '../core/outcome.ts'
import type { FamilyLatencies, Latency } from './process-facts.ts'

interface FamilyTimes {
  readonly get: Histogram
  readonly load: Histogram
}

export class LatencyRecorder implements Observer {
  readonly #families = new Map<string, FamilyTimes>()
  readonly #redis = new Histogram()

  notify(event: CacheEvent): void {
    if (event.kind === 'redis') this.#redis.add(event.ms)
    else if (event.kind === 'load') this.#of(event.family).load.add(event.ms)
    else if (event.kind === 'read' && event.priority === 'read') {
      if (event.outcome.from !== 'memory') this.#of(event.family).get.add(event.ms)
    }
  }

  families(): Readonly<Record<string, FamilyLatencies>> {
    const found: Record<string, FamilyLatencies> = {}
    for (const [family, { get, load }] of this.#families) {
      found[family] = { get: latencyOf(get), load: latencyOf(load) }
    }
    return found
  }

  redis(): Latency {
    return latencyOf(this.#redis)
  }

  #of(family: string): FamilyTimes {
    const known = this.#families.get(family)
    if (known !== undefined) return known
    const times = { get: new Histogram(), load: new Histogram() }
    this.#families.set(family, times)
    return times
  }
}

function latencyOf(times: Histogram): Latency {
  return {
    count: times.count,
    p50Ms: times.percentile(0.5),
    p95Ms: times.percentile(0.95),
    p99Ms: times.percentile(0.99),
    maxMs: times.max,
  }
}
