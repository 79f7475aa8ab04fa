/** Replies of LATENCY LATEST and LATENCY HISTOGRAM. */
import { isList, listOf, numberOf, pairsOf, textOf } from './reply.ts'

export interface LatencyEvent {
  readonly name: string
  readonly atMs: number
  readonly latestMs: number
  readonly maxMs: number
}

/** Calls that took at most so many µs; both rise. */
export type LatencyHistogram = readonly (readonly [us: number, calls: number])[]

export function parseLatencyLatest(reply: unknown): readonly LatencyEvent[] {
  return listOf(reply).flatMap((event) => {
    if (!isList(event)) return []
    const [name, atS, latestMs, maxMs] = event
    return [
      {
        name: textOf(name) ?? '',
        atMs: (numberOf(atS) ?? 0) * 1_000,
        latestMs: numberOf(latestMs) ?? 0,
        maxMs: numberOf(maxMs) ?? 0,
      },
    ]
  })
}

/** By command. */
export function parseLatencyHistograms(reply: unknown): ReadonlyMap<string, LatencyHistogram> {
  const histograms = new Map<string, LatencyHistogram>()
  for (const [command, details] of pairsOf(reply)) {
    const edges = [...pairsOf(toPairs(pairsOf(details).get('histogram_usec')))]
    histograms.set(
      command.toLowerCase(),
      edges.map(([us, calls]) => [Number(us), numberOf(calls) ?? 0] as const),
    )
  }
  return histograms
}

/** Edges come as numbers, and names of pairs are texts. */
function toPairs(reply: unknown): readonly unknown[] {
  return listOf(reply).map((item, at) => (at % 2 === 0 ? String(item) : item))
}
