/** A server that somebody else runs: nothing is done to it but in our own namespace. */
import '../../base/fast-texts.ts'
import { Redis } from 'ioredis'
import { StaleproofError } from '../../core/errors.ts'
import type { RedisProxy } from '../../testing/index.ts'
import type { ServerAddress, Target } from './target.ts'
import type { WorkerRedis } from './worker-calls.ts'

const connectMsMax = 5_000
/** A server that is paused or swaps answers by then, or not at all. */
const commandMsMax = 10_000
const portDefault = 6379

export class GivenTarget implements Target {
  readonly servers: readonly ServerAddress[]
  readonly description: string
  readonly isReadable: boolean
  readonly #url: URL
  #admin: Redis | undefined

  /** Throws `SP_OPTION_INVALID` for what is no address. */
  constructor(address: string) {
    const url = parsed(address)
    this.#url = url
    this.servers = [{ host: hostOf(url), port: Number(url.port) || portDefault }]
    this.description = `${url.protocol}//${url.host}${url.pathname}`
    this.isReadable = url.protocol === 'redis:'
  }

  redisThrough([proxy]: readonly RedisProxy[]): WorkerRedis {
    const { username, password, pathname, protocol } = this.#url
    const database = Number(pathname.slice(1)) || 0
    return {
      host: '127.0.0.1',
      port: proxy?.port,
      db: database,
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      // The certificate is that of the server, not of the proxy in front of it.
      ...(protocol === 'rediss:' && { tls: { servername: hostOf(this.#url) } }),
    }
  }

  async admin(): Promise<Redis> {
    if (this.#admin !== undefined) return this.#admin
    const redis = new Redis(this.#url.href, {
      lazyConnect: true,
      connectTimeout: connectMsMax,
      commandTimeout: commandMsMax,
      maxRetriesPerRequest: 1,
      retryStrategy: (times) => (this.#admin === undefined || times > 20 ? null : 250),
      connectionName: 'staleproof-verify',
    })
    let cause: unknown
    redis.on('error', (error) => {
      cause ??= error
    })
    try {
      await redis.connect()
      await redis.ping()
    } catch (error) {
      redis.disconnect()
      throw unreachable(this.description, cause ?? error)
    }
    await refuseCluster(redis)
    this.#admin = redis
    return redis
  }

  async close(): Promise<void> {
    this.#admin?.disconnect()
  }
}

function parsed(address: string): URL {
  const expected = 'an address such as redis://localhost:6379/0'
  if (URL.canParse(address)) {
    const url = new URL(address)
    if (['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '') return url
  }
  throw new StaleproofError('SP_OPTION_INVALID', "verify: option '--redis'", { expected })
}

function unreachable(where: string, cause: unknown): StaleproofError {
  const received = cause instanceof Error ? cause.message || String(cause) : String(cause)
  const expected = likelyRemedy(received)
  const details = { expected, received, cause }
  return new StaleproofError('SP_REDIS_DOWN', `${where} could not be used`, details)
}

function likelyRemedy(problem: string): string {
  if (problem.includes('ECONNREFUSED')) return 'a server that listens there'
  if (problem.includes('ENOTFOUND')) return 'a name that can be resolved'
  if (/NOAUTH|WRONGPASS/.test(problem)) return 'a user and a password in the address'
  if (problem.includes('NOPERM')) return 'a user that may use the commands of the cache'
  return 'a Redis or Valkey that answers; with TLS, an address that begins with rediss://'
}

/** As `connect` wants it: an IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

async function refuseCluster(redis: Redis): Promise<void> {
  const info = await redis.info('cluster').catch(() => '')
  if (!info.includes('cluster_enabled:1')) return
  redis.disconnect()
  const expected = 'a single server; nodes of a cluster are reached past our proxies'
  throw new StaleproofError('SP_OPTION_INVALID', "verify: option '--redis'", { expected })
}
