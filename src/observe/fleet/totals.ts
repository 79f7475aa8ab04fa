/** Counters of one family in one process as one flat row, and the sums of such rows. */
import type { CacheStats } from '../../core/stats.ts'

/** Sums of counters over processes. */
export interface FamilyTotals {
  readonly memory: number
  readonly redis: number
  readonly joined: number
  readonly stale: number
  readonly source: number
  readonly none: number
  readonly warmed: number
  readonly loads: number
  readonly loadErrors: number
  readonly sets: number
  readonly invalidations: number
  readonly entries: number
  readonly bytes: number
}

export const noTotals: FamilyTotals = Object.freeze({
  memory: 0,
  redis: 0,
  joined: 0,
  stale: 0,
  source: 0,
  none: 0,
  warmed: 0,
  loads: 0,
  loadErrors: 0,
  sets: 0,
  invalidations: 0,
  entries: 0,
  bytes: 0,
})

/** Of the counters in a row. */
export const totalNames: readonly (keyof FamilyTotals)[] = Object.freeze(
  Object.keys(noTotals).filter(isTotalName),
)

/** All zero for a family that the process does not know. */
export function totalsOf(stats: CacheStats, family: string): FamilyTotals {
  const counted = stats.families[family]
  if (counted === undefined) return noTotals
  const { reads, warmed, loads, loadErrors, sets, invalidations } = counted
  const { entries, bytes } = stats.memory.families[family] ?? noTotals
  return { ...reads, warmed, loads, loadErrors, sets, invalidations, entries, bytes }
}

export function sumOf(rows: Iterable<FamilyTotals>): FamilyTotals {
  const sum = { ...noTotals }
  for (const row of rows) for (const name of totalNames) sum[name] += row[name]
  return sum
}

/** Of all families of one process. */
export function totalsOfProcess(stats: CacheStats): FamilyTotals {
  return sumOf(Object.keys(stats.families).map((family) => totalsOf(stats, family)))
}

export function readsOf({ memory, redis, joined, stale, source, none }: FamilyTotals): number {
  return memory + redis + joined + stale + source + none
}

/** Where answers come from that need no load of their own. */
export const hitFrom = ['memory', 'redis', 'joined', 'stale'] as const

/** Whoever tells of hits counts them here: page, API, command, scrape and history agree. */
export function hitsOf(reads: Pick<FamilyTotals, (typeof hitFrom)[number]>): number {
  return hitFrom.reduce((sum, from) => sum + reads[from], 0)
}

/** From 0 to 1; undefined: nothing was read. */
export function hitRatioOf(totals: FamilyTotals): number | undefined {
  const reads = readsOf(totals)
  return reads === 0 ? undefined : hitsOf(totals) / reads
}

function isTotalName(name: string): name is keyof FamilyTotals {
  return name in noTotals
}
