/** What a tool is given to find a server, and the options of its connections to it. */
import '../base/fast-texts.ts'
import { Redis, type RedisOptions } from 'ioredis'
import { StaleproofError } from '../core/errors.ts'

/**
 * An address (`redis://`, `rediss://`, `host:port`, a socket's path), ioredis options, or both
 * with some nodes of a cluster, of which the first that answers is taken.
 */
export type InspectionTarget =
  | string
  | (RedisOptions & { readonly cluster?: readonly (string | Partial<NodeAddress>)[] })

/** Where a node is. */
export interface NodeAddress {
  readonly host: string
  readonly port: number
}

/** One for each server that may be tried; never empty. */
export function candidatesOf(target: InspectionTarget): readonly RedisOptions[] {
  if (typeof target === 'string') return [parsedAddress(target)]
  const { cluster, ...options } = target
  if (cluster === undefined || cluster.length === 0) return [options]
  return cluster.map((address) => {
    const { host, port } = typeof address === 'string' ? parsedAddress(address) : address
    return { ...options, ...(host && { host }), ...(port && { port }) }
  })
}

/** Of messages and reports: never with a password. */
export function addressOf({ path, host, port, sentinels, name }: RedisOptions): string {
  if (path !== undefined && path !== null) return path
  if (sentinels) return `sentinels:${name ?? ''}`
  return `${host ?? 'localhost'}:${port ?? 6379}`
}

/** Nothing is retried, queued or sent twice; replies come as the server sends them. */
export function connectionOptions(given: RedisOptions, own: OwnOptions): ConnectionOptions {
  return {
    ...given,
    lazyConnect: true,
    retryStrategy: null,
    reconnectOnError: null,
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableAutoPipelining: false,
    protocol: 2,
    replyMapping: 'legacy',
    stringNumbers: false,
    keyPrefix: '',
    disableClientInfo: true,
    noDelay: true,
    disconnectTimeout: 1,
    connectTimeout: own.connectTimeoutMs,
    connectionName: own.name,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: own.connectTimeoutMs,
  }
}

/** How every connection of a tool is opened. */
export type ConnectionOptions = RedisOptions & { readonly replyMapping: 'legacy' }

interface OwnOptions {
  readonly name: string
  readonly connectTimeoutMs: number
}

/** Of another kind it would be taken for the path of a socket. */
const otherScheme = /^(?!rediss?:)[a-z][a-z\d+.-]*:\/\//i

/** ioredis' own reading of an address; nothing is opened. */
function parsedAddress(address: string): RedisOptions {
  try {
    if (/\s/.test(address) || address === '') throw new Error('an address has no space')
    if (otherScheme.test(address)) throw new Error('another scheme')
    const { options } = new Redis(address, { lazyConnect: true })
    if (!Number.isSafeInteger(options.db ?? 0)) throw new Error('a database has a number')
    return options
  } catch (cause) {
    throw new StaleproofError('SP_OPTION_INVALID', 'the address of Redis can not be read', {
      expected: 'an address such as redis://host:6379/0',
      received: `'${address.replace(/\/\/[^@]*@/, '//***@')}'`,
      cause,
    })
  }
}
