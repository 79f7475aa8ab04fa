/**
 * From what the caller gives (an address, ioredis options, an ioredis instance or Cluster)
 * to the options of our own connections. An instance is only read, never used or closed.
 *
 * What matters here is what must never happen: a command sent twice, a command sent
 * before the server has been identified, a key or a channel renamed on the way, a read
 * answered by a replica. Those options are ours, whatever the caller's are.
 */
import '../base/fast-texts.ts'
import { Redis, type RedisOptions } from 'ioredis'
import { type ClusterPlace, type ClusterTarget, givenCluster } from './cluster-options.ts'
import { invalid, parsedAddress, refuseKeyPrefix, refuseReplicas } from './given-options.ts'

/** Recognised by shape, so that instances of another copy or version of ioredis are too. */
export interface RedisInstance {
  readonly options: object
  duplicate(...args: never[]): unknown
}

/**
 * `redis://` or `rediss://` address, socket path, `host:port`, ioredis options or instance;
 * for a Redis Cluster `{ cluster: ['redis://host:7000'] }` with ioredis options, or a `Cluster`.
 */
export type RedisTarget = string | RedisOptions | RedisInstance | ClusterTarget

/** How our connections are opened, and where the nodes are found if there are several. */
export interface ResolvedTarget {
  readonly options: OwnRedisOptions
  readonly cluster: ClusterPlace | undefined
}

/** What our connections are opened with. */
export type OwnRedisOptions = RedisOptions & { readonly replyMapping: 'legacy' }

const KEEP_ALIVE_MS = 10_000
const DEFAULT_NAME = 'staleproof'

/** Throws `SP_OPTION_INVALID` or `SP_READ_FROM_REPLICA`, naming what was found. */
export function resolveRedisTarget(target: RedisTarget, connectTimeoutMs: number): ResolvedTarget {
  const cluster = givenCluster(target)
  const given = cluster?.options ?? givenOptions(target)
  return { options: ownOptions(given, connectTimeoutMs), cluster: cluster?.place }
}

function ownOptions(given: RedisOptions, connectTimeoutMs: number): OwnRedisOptions {
  refuseReplicas(given)
  refuseKeyPrefix(given)
  refuseNumbers(given)
  const options: OwnRedisOptions = {
    ...given,
    ...NEVER_RESEND,
    ...REPLIES_AS_THEY_ARE,
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    // A socket is destroyed by us; this bounds the one case where ioredis does it.
    disconnectTimeout: 1,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    connectionName: given.connectionName ?? DEFAULT_NAME,
    sentinelRetryStrategy: () => null,
    // A primary that was replaced while it lives keeps its clients for ten seconds and
    // more; listening to the Sentinels shortens that to milliseconds.
    failoverDetector: Boolean(given.sentinels),
    sentinelCommandTimeout: connectTimeoutMs,
  }
  refuseUnusable(options)
  return options
}

/** Each connection is one ioredis object that lives once; retrying is ours (`uplink.ts`). */
const NEVER_RESEND = {
  retryStrategy: null,
  reconnectOnError: null,
  maxRetriesPerRequest: null,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableAutoPipelining: false,
  commandTimeout: undefined,
  socketTimeout: undefined,
  blockingTimeout: undefined,
} satisfies RedisOptions

const REPLIES_AS_THEY_ARE = {
  protocol: 2,
  replyMapping: 'legacy',
  stringNumbers: false,
  keyPrefix: '',
  monitor: false,
  disableClientInfo: true,
  scripts: undefined,
  himportFieldsets: undefined,
} satisfies RedisOptions

function givenOptions(target: unknown): RedisOptions {
  if (typeof target === 'string') return parsedAddress(target)
  if (typeof target !== 'object' || target === null || Array.isArray(target)) {
    throw invalid('the option redis can not be used', String(target))
  }
  return isInstance(target) ? target.options : target
}

function isInstance(target: object): target is { options: RedisOptions } {
  return (
    'options' in target &&
    typeof target.options === 'object' &&
    target.options !== null &&
    'duplicate' in target &&
    typeof target.duplicate === 'function'
  )
}

/** ioredis would send what is no number to the server, and fail outside of every promise. */
function refuseNumbers({ db, port }: RedisOptions): void {
  if (db !== undefined && !(Number.isInteger(db) && db >= 0)) {
    throw invalid('a database of Redis is a number from 0', String(db))
  }
  if (port !== undefined && !(Number.isInteger(Number(port)) && Number(port) > 0)) {
    throw invalid('a port is a number from 1 to 65535', String(port))
  }
}

/** What ioredis refuses, it refuses here and not at the first attempt to connect. */
function refuseUnusable(options: OwnRedisOptions): void {
  try {
    new Redis(options)
  } catch (cause) {
    throw invalid('ioredis refuses the options', String(cause), { cause })
  }
}
