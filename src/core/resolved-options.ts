/** Checks and resolves the options of `openCache`, once; inside they are trusted. */
import type { Catalog, Families } from './catalog.ts'
import type { DurabilityAsk } from './contracts/store.ts'
import { DEFAULTS } from './defaults.ts'
import {
  booleanIn,
  bytesIn,
  durationIn,
  type Fields,
  fieldsOf,
  integerIn,
  invalid,
  isFields,
  nameIn,
  shareIn,
} from './option-checks.ts'
import type { CacheOptions, Logger, Sizing } from './options.ts'
import type { Observer } from './outcome.ts'
import { type ResolvedResilience, resilienceIn } from './resilience-options.ts'
import { type ResolvedSource, sourcesIn } from './resolved-source.ts'

export interface ResolvedMemory {
  readonly bytesMax: number
  readonly entriesMax: number
  readonly sizing: Sizing
}
export interface ResolvedOptions {
  readonly service: string
  /** As given: what it may be is the business of the tier. */
  readonly redis: string | object | undefined
  readonly namespace: string
  /** By family. */
  readonly sources: ReadonlyMap<string, ResolvedSource>
  readonly resilience: ResolvedResilience
  /** Undefined: no memory and no bus. */
  readonly memory: ResolvedMemory | undefined
  readonly trustMs: number
  readonly budgetMs: number
  readonly connectTimeoutMs: number
  readonly leaseTtlMs: number
  readonly loadTimeoutMs: number
  readonly coalesceMs: number
  readonly quarantineMs: number
  readonly requireRedis: boolean
  readonly partitions: number | undefined
  /** Undefined: nobody waits for replicas. */
  readonly durability: DurabilityAsk | undefined
  /** The folder of the journal on disk. */
  readonly journal: string | undefined
  /** As given: what it may be is the business of the codecs. */
  readonly encryption: unknown
  /** From 0 to 1. */
  readonly shadowReads: number
  readonly logKeys: boolean
  /** `false`: silent. Undefined: the default. */
  readonly log: Logger | false | undefined
  readonly observers: readonly Observer[]
}

export const OBSERVERS_MAX = 16

const WHERE = 'openCache'
const KNOWN = [
  'service',
  'redis',
  'namespace',
  'sources',
  'resilience',
  'memory',
  'trust',
  'budget',
  'connectTimeout',
  'leaseTtl',
  'loadTimeout',
  'coalesce',
  'quarantine',
  'writeTimeout',
  'requireRedis',
  'partitions',
  'durability',
  'journal',
  'encryption',
  'shadowReads',
  'log',
  'logKeys',
  'observers',
] as const satisfies readonly (keyof CacheOptions<Families>)[]
/** A process beats three times in Δ, and is registered at barriers for a minute after each. */
const TRUST_RANGE_MS = { min: 300, max: 30_000 }
const LEASE_RANGE_MS = { min: 500, max: 600_000 }
/** Every caller waits that long besides. */
const COALESCE_RANGE_MS = { min: 1, max: 100 }
const QUARANTINE_RANGE_MS = { min: 1_000, max: 600_000 }
const WAIT_RANGE_MS = { min: 1, max: 3_600_000 }
/** Everything else that the connection is asked waits behind it. */
const DURABILITY_RANGE_MS = { min: 1, max: 250 }
const PARTITIONS_RANGE = { min: 1, max: 256 }
const REPLICAS_RANGE = { min: 1, max: 100 }
const COUNT_RANGE = { min: 1, max: 1_000_000_000 }
const SIZINGS: readonly Sizing[] = ['off', 'advise', 'apply']
const LOG_LEVELS = ['debug', 'info', 'warn', 'error']

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveOptions<F extends Families>(
  catalog: Catalog<F>,
  options: unknown,
): ResolvedOptions {
  const fields = fieldsOf(WHERE, options, KNOWN)
  const service = nameIn(WHERE, fields, 'service')
  if (service === undefined) throw invalid(WHERE, 'service', "a name such as 'api'", undefined)
  const requireRedis = booleanIn(WHERE, fields, 'requireRedis') ?? DEFAULTS.requireRedis.value
  if (requireRedis && fields.redis === undefined) {
    throw invalid(WHERE, 'redis', 'an address, because requireRedis is true', undefined)
  }
  const sources = sourcesIn(WHERE, catalog, fields)
  const wait = (name: string) => durationIn(WHERE, fields, name, WAIT_RANGE_MS)
  return Object.freeze({
    service,
    redis: redisIn(fields),
    namespace: nameIn(WHERE, fields, 'namespace') ?? catalog.name,
    sources,
    resilience: resilienceIn(WHERE, fields, sources),
    memory: memoryIn(fields),
    trustMs: durationIn(WHERE, fields, 'trust', TRUST_RANGE_MS) ?? DEFAULTS.trustMs.value,
    budgetMs: wait('budget') ?? DEFAULTS.budgetMs.value,
    connectTimeoutMs: wait('connectTimeout') ?? DEFAULTS.connectTimeoutMs.value,
    leaseTtlMs: durationIn(WHERE, fields, 'leaseTtl', LEASE_RANGE_MS) ?? DEFAULTS.leaseTtlMs.value,
    loadTimeoutMs: wait('loadTimeout') ?? DEFAULTS.loadTimeoutMs.value,
    coalesceMs:
      durationIn(WHERE, fields, 'coalesce', COALESCE_RANGE_MS) ?? DEFAULTS.coalesceMs.value,
    quarantineMs: quarantineIn(fields),
    requireRedis,
    partitions: integerIn(WHERE, fields, 'partitions', PARTITIONS_RANGE),
    durability: durabilityIn(fields),
    journal: journalIn(fields),
    encryption: fields.encryption,
    shadowReads: shareIn(WHERE, fields, 'shadowReads') ?? DEFAULTS.shadowReads.value,
    log: logIn(fields),
    logKeys: booleanIn(WHERE, fields, 'logKeys') ?? DEFAULTS.logKeys.value,
    observers: observersIn(fields),
  })
}

function redisIn({ redis }: Fields): string | object | undefined {
  if (redis === undefined || isFields(redis)) return redis
  // An empty variable of the environment is a mistake, not "this process only".
  if (typeof redis === 'string' && redis !== '') return redis
  throw invalid(WHERE, 'redis', 'a URL, ioredis options, an ioredis instance or Cluster', redis)
}

/** A commit that comes after the quarantine would be one that nobody invalidates. */
function quarantineIn(fields: Fields): number {
  const givenMs = durationIn(WHERE, fields, 'quarantine', QUARANTINE_RANGE_MS)
  const quarantineMs = givenMs ?? DEFAULTS.quarantineMs.value
  const writeMs = durationIn(WHERE, fields, 'writeTimeout') ?? 0
  if (writeMs <= quarantineMs) return quarantineMs
  const expected = `at most ${quarantineMs} ms, the quarantine`
  throw invalid(WHERE, 'writeTimeout', expected, fields.writeTimeout)
}

function durabilityIn({ durability }: Fields): DurabilityAsk | undefined {
  if (durability === undefined) return undefined
  const where = `${WHERE} durability`
  const fields = fieldsOf(where, durability, ['replicas', 'timeout'])
  const replicas = integerIn(where, fields, 'replicas', REPLICAS_RANGE)
  if (replicas === undefined) throw invalid(where, 'replicas', 'how many', undefined)
  const timeoutMs = durationIn(where, fields, 'timeout', DURABILITY_RANGE_MS)
  return Object.freeze({ replicas, timeoutMs: timeoutMs ?? DEFAULTS.durabilityMs.value })
}

function journalIn({ journal, redis }: Fields): string | undefined {
  if (journal === undefined) return undefined
  if (typeof journal !== 'string' || journal === '') {
    throw invalid(WHERE, 'journal', 'the path of a folder', journal)
  }
  if (redis !== undefined) return journal
  // Caches of this process alone would take what is meant for Redis.
  throw invalid(WHERE, 'journal', 'no folder, because there is no redis to be away', journal)
}

function memoryIn({ memory }: Fields): ResolvedMemory | undefined {
  if (memory === false) return undefined
  const given = memory === undefined ? {} : memory
  const fields = fieldsOf(`${WHERE} memory`, given, ['maxBytes', 'maxEntries', 'sizing'])
  return Object.freeze({
    bytesMax: bytesIn(WHERE, fields, 'maxBytes') ?? DEFAULTS.memoryBytesMax.value,
    entriesMax:
      integerIn(WHERE, fields, 'maxEntries', COUNT_RANGE) ?? DEFAULTS.memoryEntriesMax.value,
    sizing: sizingIn(fields),
  })
}

function sizingIn({ sizing }: Fields): Sizing {
  if (sizing === undefined) return DEFAULTS.sizing.value
  const known = SIZINGS.find((each) => each === sizing)
  if (known !== undefined) return known
  throw invalid(WHERE, 'memory.sizing', "'off', 'advise' or 'apply'", sizing)
}

function logIn({ log }: Fields): ResolvedOptions['log'] {
  if (log === undefined || log === false || isLogger(log)) return log
  throw invalid(WHERE, 'log', `false, or an object with ${LOG_LEVELS.join(', ')}`, log)
}

function isLogger(value: unknown): value is Logger {
  return isFields(value) && LOG_LEVELS.every((level) => typeof value[level] === 'function')
}

function observersIn({ observers = [] }: Fields): readonly Observer[] {
  const isGood = Array.isArray(observers) && observers.length <= OBSERVERS_MAX
  if (isGood && observers.every(isObserver)) return Object.freeze([...observers])
  throw invalid(WHERE, 'observers', `at most ${OBSERVERS_MAX} objects with notify`, observers)
}

export function isObserver(value: unknown): value is Observer {
  if (!isFields(value) || typeof value.notify !== 'function') return false
  const { hits } = value
  return typeof hits === 'number' ? hits >= 1 : hits === undefined || typeof hits === 'boolean'
}
