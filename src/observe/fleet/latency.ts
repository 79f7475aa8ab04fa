/** Latencies of what was never measured. */
import type { FamilyLatencies, Latency } from '../process-facts.ts'

const none: Latency = Object.freeze({ count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0 })

export const nothingMeasured: FamilyLatencies = Object.freeze({ get: none, load: none })
