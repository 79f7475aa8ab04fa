/** What is known of one register when its whole history is: which version was due when. */
import type { InvalidateRecord, WriteRecord } from './record.ts'
import { Staircase } from './staircase.ts'

/** Two servers accepted writes between the two. */
export interface Split {
  readonly fromMs: number
  readonly toMs: number
  /** No process could know of it. */
  readonly isUnnoticed: boolean
}

export interface RegisterTruth {
  /** The highest version ever committed. */
  readonly latest: number
  /** By the time at which a write may have committed first. */
  readonly begun: Staircase
  /** The highest version that a resolved invalidation covers. */
  readonly resolved: Staircase
  /** The same of those that waited for all processes. */
  readonly barriers: Staircase
  /** The same of those of one process. */
  readonly ownOf: ReadonlyMap<string, Staircase>
  /** During these nobody could know that the server had changed. */
  readonly unnoticed: readonly Split[]
}

export function truthOf(
  writes: readonly WriteRecord[],
  invalidations: readonly InvalidateRecord[],
  splits: readonly Split[],
): RegisterTruth {
  const inOrder = [...splits].sort((left, right) => left.fromMs - right.fromMs)
  const committed = new Staircase(writes.map((write) => [write.returnedMs, write.version]))
  const resolved: Step[] = []
  const barriers: Step[] = []
  const ownOf = new Map<string, Step[]>()
  for (const invalidation of invalidations) {
    const { resolvedMs, invokedMs, process, upTo = Number.POSITIVE_INFINITY } = invalidation
    if (resolvedMs === undefined) continue
    const covered = Math.min(committed.upTo(invokedMs), upTo)
    const countsMs = afterSplits(invokedMs, resolvedMs, inOrder)
    resolved.push([countsMs, covered])
    if (invalidation.barrier === true) barriers.push([countsMs, covered])
    // Not moved by a split: a process sends its own reads of what it must say again to the source.
    const own = ownOf.get(process)
    if (own === undefined) ownOf.set(process, [[resolvedMs, covered]])
    else own.push([resolvedMs, covered])
  }
  return {
    latest: writes.reduce((highest, write) => Math.max(highest, write.version), 0),
    begun: new Staircase(writes.map((write) => [write.invokedMs, write.version])),
    resolved: new Staircase(resolved),
    barriers: new Staircase(barriers),
    ownOf: new Map([...ownOf].map(([process, steps]) => [process, new Staircase(steps)])),
    unnoticed: inOrder.filter(({ isUnnoticed }) => isUnnoticed),
  }
}

type Step = readonly [ms: number, version: number]

/** `splits` in the order in which they began: from the end of one into the next. */
function afterSplits(invokedMs: number, resolvedMs: number, splits: readonly Split[]): number {
  let countsMs = resolvedMs
  for (const { fromMs, toMs } of splits) {
    if (invokedMs <= toMs && fromMs <= countsMs) countsMs = Math.max(countsMs, toMs)
  }
  return countsMs
}
