/**
 * As much of what a process publishes as readers count on. The record may come from a newer
 * version, or from nobody of ours: what fails here would fail in everybody who shows it.
 */
import {
  isMap,
  isNumber,
  isText,
  type JsonCheck,
  listOf,
  mapOf,
  shapeOf,
} from '../../base/json-shape.ts'
import { patternCharsMax } from '../../core/glob.ts'
import { parseTemplate } from '../../core/template-syntax.ts'
import { factsVersion, type ProcessFacts } from '../process-facts.ts'

const latency = shapeOf({ p99Ms: isNumber, maxMs: isNumber })

const stats = shapeOf({
  families: mapOf(
    shapeOf({
      ...{ reads: mapOf(isNumber), warmed: isNumber, loads: isNumber, loadErrors: isNumber },
      ...{ stores: mapOf(isNumber), sets: isNumber, invalidations: isNumber },
    }),
  ),
  memory: shapeOf({
    families: mapOf(shapeOf({ entries: isNumber, bytes: isNumber })),
    ...{ entries: isNumber, bytes: isNumber, bytesMax: isNumber, evictions: isMap },
  }),
  coherence: shapeOf({ lag: latency, staleReads: mapOf(isNumber), shadowReads: isNumber }),
  ...{ delivery: isMap, redis: isMap, mutations: isMap },
  limiters: mapOf(isMap),
  breakers: mapOf(shapeOf({ state: isText, latency })),
})

const facts = shapeOf({
  schemaVersion: (found) => found === factsVersion,
  ...{ process: isText, service: isText, startedMs: isNumber, atMs: isNumber },
  health: shapeOf({ state: isText, reasons: listOf(isText) }),
  breadth: optional(
    shapeOf({
      ...{ calls: isNumber, keysP95: isNumber, keysMax: isNumber, wholesale: isNumber },
      ...{ lastWholesale: optional(isName), reloads: isNumber, unchanged: isNumber },
    }),
  ),
  ...{ stats, redisLatency: latency, parts: isMap, dropped: listOf(isText) },
  families: mapOf(shapeOf({ template: isTemplate })),
  latencies: mapOf(shapeOf({ get: latency, load: latency })),
  usedKeys: listOf(shapeOf({ family: isText, key: isText, reads: isNumber })),
})

export function isFacts(found: unknown): found is ProcessFacts {
  return facts(found)
}

function optional(check: JsonCheck): JsonCheck {
  return (found) => found === undefined || check(found)
}

/** Of what was invalidated: a pattern is the longest. */
function isName(found: unknown): boolean {
  return typeof found === 'string' && found.length <= patternCharsMax
}

function isTemplate(found: unknown): boolean {
  try {
    return typeof found === 'string' && parseTemplate(found) !== undefined
  } catch {
    return false
  }
}
