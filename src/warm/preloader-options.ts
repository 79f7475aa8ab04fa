/** Options of a preloader, checked once. */
import type { Duration } from '../base/duration.ts'
import {
  booleanIn,
  durationIn,
  type Fields,
  fieldsOf,
  integerIn,
  invalid,
} from '../core/option-checks.ts'
import type { LearnedCounts } from './learned.ts'

/** How one family is preloaded. */
export interface PreloadFamily {
  /** Ids to begin with; accesses replace them. */
  readonly seeds?: readonly unknown[] | undefined
  /** Of all reads of the family, what is to be covered. Default 0.95. */
  readonly share?: number | undefined
  /** The most that are loaded ahead. Default 100. */
  readonly entries?: number | undefined
  /** Reads that must be expected within a TTL. Default 0.5; seeds need none. */
  readonly uses?: number | undefined
  /**
   * How often is looked whether they end soon. Default: that of the warmer, but at least five
   * times in two TTLs, so that each value is renewed once, and before it ends.
   */
  readonly every?: Duration | undefined
  /** After which an access counts half. Default 10 min. */
  readonly halfLife?: Duration | undefined
  /** True (default): what is popular is loaded again as soon as it has been invalidated. */
  readonly reload?: boolean | undefined
}
/** What is preloaded for each of those who were active lately, besides what all read. */
export interface PreloadGroups {
  /** The most that are served. Default 100. */
  readonly most?: number | undefined
  /** Of what each of them reads. Default 4. */
  readonly entries?: number | undefined
}
/** What `openPreloader` takes. */
export interface PreloaderOptions {
  /** By the name of the family. */
  readonly families: Readonly<Record<string, PreloadFamily>>
  /** Absent: accesses of groups are not told apart. */
  readonly groups?: PreloadGroups | undefined
  /** The shortest time between two reloads of a key. Default 1 s. */
  readonly reloadPause?: Duration | undefined
  /** What another process has learned: of `snapshot()`. */
  readonly learned?: LearnedCounts | undefined
}

export interface PreloadRules {
  readonly seeds: readonly unknown[]
  readonly share: number
  readonly entriesMax: number
  readonly usesMin: number
  readonly everyMs: number
  readonly halfLifeMs: number
  readonly reloads: boolean
}
export interface GroupRules {
  readonly groupsMax: number
  readonly entriesMax: number
}
export interface ResolvedPreloader {
  readonly families: ReadonlyMap<string, PreloadRules>
  readonly groups: GroupRules | undefined
  readonly reloadPauseMs: number
}

export interface PreloadDefaults {
  /** Of the warmer. */
  readonly everyMs: number
  /** Throws `SP_OPTION_INVALID` for what is no family. */
  readonly ttlMsOf: (family: string) => number
}

const WHERE = 'openPreloader'
const KNOWN: readonly (keyof PreloaderOptions)[] = ['families', 'groups', 'reloadPause', 'learned']
const KNOWN_OF_FAMILY: readonly (keyof PreloadFamily)[] = [
  'seeds',
  'share',
  'entries',
  'uses',
  'every',
  'halfLife',
  'reload',
]
const KNOWN_OF_GROUPS: readonly (keyof PreloadGroups)[] = ['most', 'entries']
/** The source documents want nine in ten served; some are lost while it learns. */
const SHARE = 0.95
const ENTRIES_RANGE = { min: 1, max: 10_000 }
const EVERY_RANGE_MS = { min: 100, max: 86_400_000 }
const HALF_LIFE_MS = 600_000
const HALF_LIFE_RANGE_MS = { min: 1_000, max: 30 * 86_400_000 }
const PAUSE_RANGE_MS = { min: 10, max: 3_600_000 }
/** Of a TTL: after the second look of three it is too late, for lives are a little shorter. */
const everyShare = 0.4
const USES_MAX = 1_000_000

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolvePreloader(
  options: PreloaderOptions,
  { everyMs, ttlMsOf }: PreloadDefaults,
): ResolvedPreloader {
  const fields = fieldsOf(WHERE, options, KNOWN)
  const names = Object.keys(fieldsOf(WHERE, fields.families, Object.keys(Object(fields.families))))
  if (names.length === 0) throw invalid(WHERE, 'families', 'one family or more', fields.families)
  const rulesOf = (name: string) => {
    const shortestMs = Math.min(everyMs, Math.floor(ttlMsOf(name) * everyShare))
    return rulesIn(name, options.families[name], shortestMs)
  }
  return Object.freeze({
    families: new Map(names.map((name) => [name, rulesOf(name)])),
    groups: groupsIn(fields.groups),
    reloadPauseMs: durationIn(WHERE, fields, 'reloadPause', PAUSE_RANGE_MS) ?? 1_000,
  })
}

function rulesIn(name: string, family: unknown, everyMs: number): PreloadRules {
  const where = `preloaded family '${name}'`
  const fields = fieldsOf(where, family, KNOWN_OF_FAMILY)
  const { seeds = [] } = fields
  if (!Array.isArray(seeds)) throw invalid(where, 'seeds', 'a list of ids', seeds)
  return Object.freeze({
    seeds,
    share: numberIn(where, fields, { name: 'share', max: 1 }) ?? SHARE,
    entriesMax: integerIn(where, fields, 'entries', ENTRIES_RANGE) ?? 100,
    usesMin: numberIn(where, fields, { name: 'uses', max: USES_MAX }) ?? 0.5,
    everyMs: durationIn(where, fields, 'every', EVERY_RANGE_MS) ?? everyMs,
    halfLifeMs: durationIn(where, fields, 'halfLife', HALF_LIFE_RANGE_MS) ?? HALF_LIFE_MS,
    reloads: booleanIn(where, fields, 'reload') ?? true,
  })
}

function groupsIn(groups: unknown): GroupRules | undefined {
  if (groups === undefined) return undefined
  const where = `${WHERE} groups`
  const fields = fieldsOf(where, groups, KNOWN_OF_GROUPS)
  return Object.freeze({
    groupsMax: integerIn(where, fields, 'most', ENTRIES_RANGE) ?? 100,
    entriesMax: integerIn(where, fields, 'entries', { min: 1, max: 100 }) ?? 4,
  })
}

function numberIn(
  where: string,
  fields: Fields,
  { name, max }: { readonly name: string; readonly max: number },
): number | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0 && value <= max) return value
  throw invalid(where, name, `a number from 0 to ${max}`, value)
}
