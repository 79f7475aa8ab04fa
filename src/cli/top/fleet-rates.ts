/**
 * Rates from counters that processes publish every few seconds. Each process is measured by its
 * own clock, between what it published; so neither our interval nor a late publication shows as a
 * jump. Three spans: between the last two, over the last minute, and since the start.
 */
import {
  type FamilyTotals,
  hitsOf,
  noTotals,
  type ProcessFacts,
  readsOf,
  sumOf,
  totalNames,
  totalsOf,
} from '../../observe/index.ts'

export interface SpanRates {
  /** A second. */
  readonly reads: number
  readonly loads: number
  readonly invalidations: number
  /** From 0 to 1; undefined: nothing was read. */
  readonly hitRatio: number | undefined
  readonly memoryShare: number | undefined
  readonly redisShare: number | undefined
}

export interface FamilyRates {
  /** Undefined: too early to say. */
  readonly now: SpanRates | undefined
  readonly minute: SpanRates | undefined
  readonly always: SpanRates
}

interface Sample {
  readonly atMs: number
  readonly families: ReadonlyMap<string, FamilyTotals>
}

const minuteMs = 60_000
/** Of one process: one for each publication of a minute, and some more. */
const samplesMax = 32

export class FleetRates {
  readonly #processes = new Map<string, Sample[]>()
  readonly #startedMs = new Map<string, number>()

  take(fleet: readonly ProcessFacts[]): void {
    const alive = new Set(fleet.map(({ process }) => process))
    for (const process of this.#processes.keys()) {
      if (!alive.has(process)) this.#processes.delete(process)
    }
    for (const facts of fleet) this.#takeOne(facts)
  }

  /** Has every process published twice? */
  get isReady(): boolean {
    return [...this.#processes.values()].every((samples) => samples.length > 1)
  }

  of(family: string): FamilyRates {
    const all = [...this.#processes]
    const spans = (choose: (samples: readonly Sample[]) => Sample | undefined) => {
      return all.map(([, samples]) => spanOf(choose(samples), samples.at(-1), family))
    }
    return {
      now: sumOfSpans(spans((samples) => samples.at(-2))),
      minute: sumOfSpans(spans((samples) => (samples.length > 1 ? samples[0] : undefined))),
      always:
        sumOfSpans(
          all.map(([process, samples]) => {
            const atMs = this.#startedMs.get(process) ?? 0
            return spanOf({ atMs, families: new Map() }, samples.at(-1), family)
          }),
        ) ?? rates(noTotals, 0),
    }
  }

  #takeOne({ process, atMs, startedMs, stats }: ProcessFacts): void {
    const samples = this.#processes.get(process) ?? []
    this.#processes.set(process, samples)
    this.#startedMs.set(process, startedMs)
    if (samples.at(-1)?.atMs === atMs) return
    const names = Object.keys(stats.families)
    const families = new Map(names.map((name) => [name, totalsOf(stats, name)]))
    families.set('', sumOf(families.values()))
    samples.push({ atMs, families })
    while (samples.length > samplesMax || atMs - (samples[1]?.atMs ?? atMs) >= minuteMs) {
      samples.shift()
    }
  }
}

/** Of all families together. */
export const allFamilies = ''

interface Span {
  readonly gained: FamilyTotals
  readonly seconds: number
}

function spanOf(
  from: Sample | undefined,
  to: Sample | undefined,
  family: string,
): Span | undefined {
  if (from === undefined || to === undefined || to.atMs <= from.atMs) return undefined
  const after = to.families.get(family) ?? noTotals
  const before = from.families.get(family) ?? noTotals
  return { gained: difference(after, before), seconds: (to.atMs - from.atMs) / 1_000 }
}

/** Processes run side by side: rates add up, not times. */
function sumOfSpans(spans: readonly (Span | undefined)[]): SpanRates | undefined {
  const known = spans.filter((span) => span !== undefined)
  if (known.length === 0) return undefined
  const perSecond = (of: (totals: FamilyTotals) => number) => {
    return known.reduce((sum, { gained, seconds }) => sum + of(gained) / seconds, 0)
  }
  const gained = sumOf(known.map((span) => span.gained))
  return {
    ...rates(gained, 1),
    reads: perSecond(readsOf),
    loads: perSecond(({ loads }) => loads),
    invalidations: perSecond(({ invalidations }) => invalidations),
  }
}

function rates(gained: FamilyTotals, perSecond: number): SpanRates {
  const reads = readsOf(gained)
  const share = (part: number) => (reads > 0 ? part / reads : undefined)
  return {
    reads: reads * perSecond,
    loads: gained.loads * perSecond,
    invalidations: gained.invalidations * perSecond,
    hitRatio: share(hitsOf(gained)),
    memoryShare: share(gained.memory),
    redisShare: share(gained.redis),
  }
}

function difference(after: FamilyTotals, before: FamilyTotals): FamilyTotals {
  const gained = { ...noTotals }
  for (const name of totalNames) gained[name] = Math.max(0, after[name] - before[name])
  return gained
}
