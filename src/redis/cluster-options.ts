/**
 * What is given for a Redis Cluster: addresses of some of its nodes with ioredis options,
 * or an ioredis `Cluster`, of which only the addresses and options are read. Our
 * connections go to the primaries themselves, so everything else of it is not needed.
 */
import type { RedisOptions } from 'ioredis'
import { invalid, parsedAddress, refuseKeyPrefix, refuseReplicas } from './given-options.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** `redis://host:7000`, `host:7000`, or a host and a port. */
export type ClusterSeed = string | { readonly host: string; readonly port: number }

/** From `host:port` as the cluster names a node to where it is reached from here. */
export type NatMap =
  | Readonly<Record<string, Address>>
  | ((address: string) => Address | null | undefined)

/** Some nodes of the cluster, and ioredis options for the connections to each node. */
export type ClusterTarget = RedisOptions & {
  readonly cluster: readonly ClusterSeed[]
  readonly natMap?: NatMap | undefined
}

/** How the nodes of a cluster are found. */
export interface ClusterPlace {
  /** At least one; others are learned from them. */
  readonly seeds: readonly Address[]
  readonly reach: (address: Address) => Address
}

export interface GivenCluster {
  /** For the connections to any node. */
  readonly options: RedisOptions
  readonly place: ClusterPlace
}

const EXPECTED = 'addresses of nodes, as { cluster: ["redis://host:7000"] }, or an ioredis Cluster'

/** `undefined`: not a cluster. Throws `SP_OPTION_INVALID` or `SP_READ_FROM_REPLICA`. */
export function givenCluster(target: unknown): GivenCluster | undefined {
  if (typeof target !== 'object' || target === null) return undefined
  if ('isCluster' in target && target.isCluster === true) return fromInstance(target)
  // Every ioredis instance has a method of this name.
  if (!('cluster' in target) || typeof target.cluster === 'function') return undefined
  const { cluster, natMap, ...options } = fieldsOf(target)
  return resolved(cluster, natMap, options)
}

/** `startupNodes` is private to ioredis, but the same in its releases 4 to 6. */
function fromInstance(instance: object): GivenCluster {
  const options = fieldsOf('options' in instance ? instance.options : undefined)
  const given = fieldsOf(options.redisOptions)
  refuseReplicas({ scaleReads: options.scaleReads })
  refuseKeyPrefix({ keyPrefix: options.keyPrefix })
  if (options.useSRVRecords === true) {
    throw invalid('nodes of a Cluster can not be found by SRV records', 'useSRVRecords: true')
  }
  const seeds = 'startupNodes' in instance ? instance.startupNodes : undefined
  return resolved(seeds, options.natMap, given)
}

function resolved(given: unknown, natMap: unknown, options: RedisOptions): GivenCluster {
  if (!Array.isArray(given) || given.length === 0) {
    throw invalid('the nodes of the Cluster are missing', String(given), {
      expected: EXPECTED,
    })
  }
  if (options.db !== undefined && options.db !== 0) {
    throw invalid('a Cluster has the database 0 only', String(options.db))
  }
  const seeds = given.map(seedOf)
  const [first] = seeds
  const { username, password, tls } = first ?? {}
  const access = Object.fromEntries(
    Object.entries({ username, password, tls }).filter(([, value]) => value !== undefined),
  )
  const { host, port } = addressOf(first)
  return {
    options: { ...access, ...options, host, port },
    place: { seeds: seeds.map(addressOf), reach: reachBy(natMap) },
  }
}

function seedOf(seed: unknown): RedisOptions {
  if (typeof seed === 'string') return parsedAddress(seed)
  if (typeof seed === 'number') return { port: seed }
  const fields: RedisOptions = fieldsOf(seed)
  if (!Number.isInteger(Number(fields.port ?? 6379))) {
    throw invalid('the address of a node can not be read', `a port ${String(fields.port)}`, {
      expected: EXPECTED,
    })
  }
  return fields
}

function addressOf({ host, port }: RedisOptions = {}): Address {
  return { host: host ?? '127.0.0.1', port: Number(port ?? 6379) }
}

function reachBy(natMap: unknown): (address: Address) => Address {
  const lookUp = (name: string): unknown =>
    typeof natMap === 'function' ? natMap(name) : fieldsOf(natMap)[name]
  return (address) => {
    const mapped: RedisOptions = fieldsOf(lookUp(`${address.host}:${address.port}`))
    return mapped.host === undefined ? address : addressOf(mapped)
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
