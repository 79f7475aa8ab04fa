/**
 * Where Redis is, from one address, so that an environment can't contradict itself:
 *
 *   redis://user:password@host:6379/0                      one server; rediss:// by TLS
 *   redis+sentinel://user:password@a:26379,b:26379/name    the primary that Sentinels name
 *   redis+cluster://user:password@a:7000,b:7000            some nodes of a Cluster
 *
 * User and password are those of the servers; Sentinels are given the same.
 */
import type { ConnectionOptions } from 'node:tls'
import { Cluster, Redis } from 'ioredis'
import { z } from 'zod'

interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly tls?: ConnectionOptions
}
interface Place {
  readonly host: string
  readonly port: number
}
export interface SentinelTarget extends Credentials {
  readonly sentinels: Place[]
  readonly name: string
  readonly sentinelUsername?: string
  readonly sentinelPassword?: string
  readonly enableTLSForSentinelMode?: boolean
}
export interface ClusterTarget extends Credentials {
  readonly cluster: Place[]
}
/** As `openCache` takes it. */
export type RedisTarget = string | SentinelTarget | ClusterTarget

const ofMany = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([\w.-]+))?$/
const host = /^([\w.-]+|\[[\da-fA-F:]+\]):(\d{1,5})$/
const expected =
  'expected redis://host:port, redis+sentinel://a:port,b:port/name or redis+cluster://a:port,b:port'

/** A setting that is an address of Redis. */
export const redisAddress = z.string().transform((text, context): RedisTarget => {
  const target = redisTarget(text)
  if (target !== undefined) return target
  context.addIssue({ code: 'custom', message: expected })
  return z.NEVER
})

/** `undefined`: nobody could find a server by it. An address of one server is left as it is. */
export function redisTarget(text: string): RedisTarget | undefined {
  if (!text.includes('+')) return text
  const [, scheme, kind, login, places = '', name] = ofMany.exec(text) ?? []
  const nodes = places.split(',').map(placeOf)
  const known = nodes.filter((node) => node !== undefined)
  if (known.length === 0 || known.length < nodes.length) return undefined
  const credentials = credentialsOf(scheme, login)
  if (kind === 'cluster') return name === undefined ? { ...credentials, cluster: known } : undefined
  if (name === undefined) return undefined
  const { username, password, tls } = credentials
  return {
    ...credentials,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true }),
    sentinels: known,
    name,
  }
}

export interface ClientOptions {
  /** Whether commands wait for the connection. */
  readonly enableOfflineQueue?: boolean
  /** `null`: no end of them. */
  readonly maxRetriesPerRequest: number | null
}

/** A client of our own beside the cache, for messages that are none of its business. */
export function openRedis(target: RedisTarget, options: ClientOptions): Redis | Cluster {
  if (typeof target === 'string') return new Redis(target, options)
  if ('sentinels' in target) return new Redis({ ...target, ...options })
  const { cluster, ...credentials } = target
  const { enableOfflineQueue = true, maxRetriesPerRequest } = options
  const redisOptions = { ...credentials, maxRetriesPerRequest }
  return new Cluster(cluster, { enableOfflineQueue, redisOptions })
}

function placeOf(text: string): Place | undefined {
  const [, name, port] = host.exec(text) ?? []
  if (name === undefined || Number(port) > 65_535) return undefined
  return { host: name.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** `password`, `:password` or `user:password`, with what a URL can't hold encoded. */
function credentialsOf(scheme: string | undefined, login: string | undefined): Credentials {
  const tls = scheme === 'rediss' ? { tls: {} } : {}
  if (login === undefined || login === '') return tls
  const at = login.indexOf(':')
  const username = at > 0 ? { username: decodeURIComponent(login.slice(0, at)) } : {}
  return { ...tls, ...username, password: decodeURIComponent(login.slice(at + 1)) }
}
