/**
 * As much of what a process publishes as readers count on. The record may come from a newer
 * version, or from nobody of ours: what fails here would fail in everybody who shows it.
 */
import { isFields } from '../../core/option-checks.ts'
import { parseTemplate } from '../../core/template-syntax.ts'
import { factsVersion, type ProcessFacts } from '../process-facts.ts'

type Check = (found: unknown) => boolean

const number: Check = (found) => typeof found === 'number'
const text: Check = (found) => typeof found === 'string'
const anything: Check = (found) => isFields(found)
const latency = shapeOf({ p99Ms: number, maxMs: number })

const stats = shapeOf({
  families: mapOf(
    shapeOf({
      ...{ reads: mapOf(number), warmed: number, loads: number, loadErrors: number },
      ...{ stores: mapOf(number), sets: number, invalidations: number },
    }),
  ),
  memory: shapeOf({
    families: mapOf(shapeOf({ entries: number, bytes: number })),
    ...{ entries: number, bytes: number, bytesMax: number, evictions: anything },
  }),
  coherence: shapeOf({ lag: latency, staleReads: mapOf(number), shadowReads: number }),
  ...{ delivery: anything, redis: anything, mutations: anything },
  limiters: mapOf(anything),
  breakers: mapOf(shapeOf({ state: text, latency })),
})

const facts = shapeOf({
  schemaVersion: (found) => found === factsVersion,
  ...{ process: text, service: text, startedMs: number, atMs: number },
  health: shapeOf({ state: text, reasons: listOf(text) }),
  ...{ stats, redisLatency: latency, parts: anything, dropped: listOf(text) },
  families: mapOf(shapeOf({ template: isTemplate })),
  latencies: mapOf(shapeOf({ get: latency, load: latency })),
  usedKeys: listOf(shapeOf({ family: text, key: text, reads: number })),
})

export function isFacts(found: unknown): found is ProcessFacts {
  return facts(found)
}

function shapeOf(checks: Readonly<Record<string, Check>>): Check {
  const rows = Object.entries(checks)
  return (found) => isFields(found) && rows.every(([name, check]) => check(found[name]))
}

function mapOf(check: Check): Check {
  return (found) => isFields(found) && Object.values(found).every(check)
}

function listOf(check: Check): Check {
  return (found) => Array.isArray(found) && found.every(check)
}

function isTemplate(found: unknown): boolean {
  try {
    return typeof found === 'string' && parseTemplate(found) !== undefined
  } catch {
    return false
  }
}
