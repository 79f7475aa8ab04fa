/** The time between two snapshots: round trips are measured meanwhile, and nothing else sent. */
import {
  type Info,
  type LatencyHistogram,
  parseInfo,
  parseLatencyHistograms,
  pause,
  textOf,
} from '../../inspect/index.ts'
import type { FactTable, Gathered } from '../facts.ts'
import { InfoWindow } from '../info-window.ts'
import type { GatherContext } from './context.ts'
import { gathered } from './gathered.ts'

const pingsMax = 200
/** More often says nothing more. */
const pingPauseMsMin = 20

export interface Snapshot {
  readonly info: Info
  readonly histograms: Gathered<FactTable['histograms']>
  readonly atMs: number
}

/** What was refused before is not asked for again: it would count as an error. */
export async function takeSnapshot(context: GatherContext, before?: Snapshot): Promise<Snapshot> {
  const { inspection, clock } = context
  const missing = before?.histograms.missing
  const histograms =
    missing === undefined
      ? await gathered(async () =>
          parseLatencyHistograms(await inspection.call('latency', 'histogram')),
        )
      : { missing }
  return { info: await readInfo(context), histograms, atMs: clock.now() }
}

export async function readInfo({ inspection }: GatherContext): Promise<Info> {
  return parseInfo(textOf(await inspection.call('info', 'all')) ?? '')
}

/** Round trips in ms. Ends early if it is told to. */
export async function waitWindow(context: GatherContext): Promise<readonly number[]> {
  const { inspection, clock, options } = context
  const endMs = clock.now() + options.windowMs
  const pauseMs = Math.max(pingPauseMsMin, options.windowMs / pingsMax)
  const pings: number[] = []
  while (clock.now() < endMs && !options.signal?.aborted) {
    await pause(clock, Math.min(pauseMs, endMs - clock.now()))
    const sentMs = clock.now()
    await inspection.call('ping')
    pings.push(clock.now() - sentMs)
    const leftS = Math.ceil((endMs - clock.now()) / 1_000)
    options.onProgress(() => `watching counters, ${Math.max(0, leftS)} s left`)
  }
  return pings
}

export function windowOf(first: Snapshot, last: Snapshot): InfoWindow {
  return new InfoWindow(first.info, last.info, (last.atMs - first.atMs) / 1_000)
}

/** What was added between both, by command. */
export function histogramsBetween(
  first: Snapshot,
  last: Snapshot,
): Gathered<FactTable['histograms']> {
  const before = first.histograms.value
  const after = last.histograms.value
  if (before === undefined || after === undefined) {
    return { missing: first.histograms.missing ?? last.histograms.missing }
  }
  const added = [...after].map(([command, edges]) => {
    const known = before.get(command) ?? []
    return [command, edges.map(([us, calls]) => [us, calls - upTo(known, us)] as const)] as const
  })
  return { value: new Map(added) }
}

/** Edges without calls are left out of a reply: the one below counts. */
function upTo(edges: LatencyHistogram, us: number): number {
  return edges.findLast(([edge]) => edge <= us)?.[1] ?? 0
}
