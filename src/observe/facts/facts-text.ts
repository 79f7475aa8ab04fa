/**
 * What a process publishes, as text and back. It is never longer than its bound: the largest
 * parts that others can do without are left out, and named.
 */
import type { ProcessFacts } from '../process-facts.ts'
import { isFacts } from './facts-shape.ts'

/** Of the text, in characters; a process with forty families needs about 30,000. */
export const factsCharsMax: number = 256 * 1_024

type Part = 'usedKeys' | 'latencies' | 'families' | keyof ProcessFacts['parts']

export function formatFacts(facts: ProcessFacts): string {
  let text = JSON.stringify(facts)
  let left = facts
  const parts = partsBySize(facts)
  while (text.length > factsCharsMax) {
    const largest = parts.shift()
    // What counts nothing but its own existence is short.
    if (largest === undefined) return JSON.stringify(withoutFamilies(left))
    left = without(left, largest)
    text = JSON.stringify(left)
  }
  return text
}

/** Undefined: not what this version publishes. */
export function parseFacts(text: string): ProcessFacts | undefined {
  try {
    const found: unknown = JSON.parse(text)
    return isFacts(found) ? found : undefined
  } catch {
    return undefined
  }
}

function partsBySize({ usedKeys, latencies, families, parts }: ProcessFacts): Part[] {
  const sizes: [Part, number][] = [
    ['usedKeys', lengthOf(usedKeys)],
    ['latencies', lengthOf(latencies)],
    ['families', lengthOf(families)],
  ]
  for (const name of partNames) sizes.push([name, lengthOf(parts[name])])
  sizes.sort(([, left], [, right]) => right - left)
  return sizes.filter(([, chars]) => chars > 0).map(([name]) => name)
}

const partNames = [
  'warming',
  'preloading',
  'prediction',
  'liveData',
  'database',
  'pages',
] as const satisfies readonly (keyof ProcessFacts['parts'])[]

function without(facts: ProcessFacts, part: Part): ProcessFacts {
  const dropped = [...facts.dropped, part]
  if (part === 'usedKeys') return { ...facts, dropped, usedKeys: [] }
  if (part === 'latencies') return { ...facts, dropped, latencies: {} }
  if (part === 'families') return { ...facts, dropped, families: {} }
  return { ...facts, dropped, parts: { ...facts.parts, [part]: undefined } }
}

function withoutFamilies(facts: ProcessFacts): ProcessFacts {
  const { stats, dropped } = facts
  const memory = { ...stats.memory, families: {} }
  const coherence = { ...stats.coherence, staleReads: {} }
  const rest = { families: {}, sources: {}, breakers: {}, limiters: {} }
  return {
    ...facts,
    dropped: [...dropped, 'stats'],
    stats: { ...stats, memory, coherence, ...rest },
  }
}

function lengthOf(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length
}
