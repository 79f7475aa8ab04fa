/** Checks and resolves the options of `openCache`, once; inside they are trusted. */
import type { Catalog, Families } from './catalog.ts'
import type { DurabilityAsk } from './contracts/store.ts'
import { DEFAULTS } from './defaults.ts'
import { StaleproofError } from './errors.ts'
import {
  type AuthorFunction,
  booleanIn,
  bytesIn,
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  isFields,
  nameIn,
} from './option-checks.ts'
import type { CacheOptions, Logger } from './options.ts'
import type { Observer } from './outcome.ts'

/** One of `single` and `many` is there. Wrapped so that what comes back is `unknown`. */
export interface ResolvedSource {
  readonly single: AuthorFunction | undefined
  readonly many: AuthorFunction | undefined
  /** Most distinct ids in one call of `many`. */
  readonly maxBatch: number
}
export interface ResolvedMemory {
  readonly bytesMax: number
  readonly entriesMax: number
}
export interface ResolvedOptions {
  readonly service: string
  /** As given: what it may be is the business of the tier. */
  readonly redis: string | object | undefined
  readonly namespace: string
  /** By family. */
  readonly sources: ReadonlyMap<string, ResolvedSource>
  /** Undefined: no memory and no bus. */
  readonly memory: ResolvedMemory | undefined
  readonly trustMs: number
  readonly budgetMs: number
  readonly connectTimeoutMs: number
  readonly leaseTtlMs: number
  readonly loadTimeoutMs: number
  readonly quarantineMs: number
  readonly requireRedis: boolean
  readonly partitions: number | undefined
  /** Undefined: nobody waits for replicas. */
  readonly durability: DurabilityAsk | undefined
  /** The folder of the journal on disk. */
  readonly journal: string | undefined
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
  'memory',
  'trust',
  'budget',
  'connectTimeout',
  'leaseTtl',
  'loadTimeout',
  'quarantine',
  'writeTimeout',
  'requireRedis',
  'partitions',
  'durability',
  'journal',
  'log',
  'observers',
] as const satisfies readonly (keyof CacheOptions<Families>)[]
/** A process beats three times in Δ, and is registered at barriers for a minute after each. */
const TRUST_RANGE_MS = { min: 300, max: 30_000 }
const LEASE_RANGE_MS = { min: 500, max: 600_000 }
const QUARANTINE_RANGE_MS = { min: 1_000, max: 600_000 }
const WAIT_RANGE_MS = { min: 1, max: 3_600_000 }
/** Everything else that the connection is asked waits behind it. */
const DURABILITY_RANGE_MS = { min: 1, max: 250 }
const PARTITIONS_RANGE = { min: 1, max: 256 }
const REPLICAS_RANGE = { min: 1, max: 100 }
const COUNT_RANGE = { min: 1, max: 1_000_000_000 }
const BATCH_RANGE = { min: 1, max: 10_000 }
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
  const wait = (name: string) => durationIn(WHERE, fields, name, WAIT_RANGE_MS)
  return Object.freeze({
    service,
    redis: redisIn(fields),
    namespace: nameIn(WHERE, fields, 'namespace') ?? catalog.name,
    sources: sourcesIn(catalog, fields),
    memory: memoryIn(fields),
    trustMs: durationIn(WHERE, fields, 'trust', TRUST_RANGE_MS) ?? DEFAULTS.trustMs.value,
    budgetMs: wait('budget') ?? DEFAULTS.budgetMs.value,
    connectTimeoutMs: wait('connectTimeout') ?? DEFAULTS.connectTimeoutMs.value,
    leaseTtlMs: durationIn(WHERE, fields, 'leaseTtl', LEASE_RANGE_MS) ?? DEFAULTS.leaseTtlMs.value,
    loadTimeoutMs: wait('loadTimeout') ?? DEFAULTS.loadTimeoutMs.value,
    quarantineMs: quarantineIn(fields),
    requireRedis,
    partitions: integerIn(WHERE, fields, 'partitions', PARTITIONS_RANGE),
    durability: durabilityIn(fields),
    journal: journalIn(fields),
    log: logIn(fields),
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
  const fields = fieldsOf(`${WHERE} memory`, given, ['maxBytes', 'maxEntries'])
  return Object.freeze({
    bytesMax: bytesIn(WHERE, fields, 'maxBytes') ?? DEFAULTS.memoryBytesMax.value,
    entriesMax:
      integerIn(WHERE, fields, 'maxEntries', COUNT_RANGE) ?? DEFAULTS.memoryEntriesMax.value,
  })
}

function sourcesIn<F extends Families>(
  catalog: Catalog<F>,
  { sources }: Fields,
): ResolvedOptions['sources'] {
  const known = [...catalog.compiled.keys()]
  const resolved = new Map<string, ResolvedSource>()
  for (const [name, source] of Object.entries(fieldsOf(`${WHERE} sources`, sources ?? {}, known))) {
    if (source !== undefined && catalog.compiled.get(name)?.rules.isSetOnly) {
      throw invalid(WHERE, `sources.${name}`, 'no source, because the family is setOnly', source)
    }
    const isKeyed = (catalog.compiled.get(name)?.template.parameters.length ?? 0) > 0
    if (source !== undefined) resolved.set(name, sourceOf(name, source, isKeyed))
  }
  return resolved
}

function sourceOf(name: string, source: unknown, isKeyed: boolean): ResolvedSource {
  const where = `${WHERE} source of '${name}'`
  const maxBatch = DEFAULTS.maxBatch.value
  if (typeof source === 'function') {
    const single = functionIn(where, { source }, 'source')
    return Object.freeze({ single, many: undefined, maxBatch })
  }
  // An instance of a class may have fields of its own; in a literal they are mistakes.
  const isInstance = isFields(source) && Object.getPrototypeOf(source) !== Object.prototype
  const fields = isInstance ? source : fieldsOf(where, source, ['many', 'maxBatch'])
  const many = functionIn(where, fields, 'many', source)
  if (many === undefined) throw invalid(where, 'many', 'a function', undefined)
  if (!isKeyed) {
    throw new StaleproofError('SP_OPTION_INVALID', `${where}: it has no ids to load many of`, {
      family: name,
      expected: 'a function',
      received: '{ many }',
    })
  }
  return Object.freeze({
    single: undefined,
    many,
    maxBatch: integerIn(where, fields, 'maxBatch', BATCH_RANGE) ?? maxBatch,
  })
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
  return isFields(value) && typeof value.notify === 'function'
}
