/** Which primary has which hash slots, as a node of the cluster tells it. Pure. */
import type { Address } from './cluster-options.ts'

export interface ClusterMap {
  /** Who serves each of the hash slots asked for; undefined where nobody does. */
  readonly owners: readonly (Address | undefined)[]
  /** Every node named, primaries first. */
  readonly nodes: readonly Address[]
}

export interface MapQuery {
  /** Of the partitions, in their order. */
  readonly hashSlots: readonly number[]
  /** The node that answered: it may name itself by no address at all. */
  readonly asked: Address
  readonly reach: (address: Address) => Address
}

interface Range {
  readonly first: number
  readonly last: number
  readonly primary: Address | undefined
  readonly replicas: readonly Address[]
}

/** From the reply of CLUSTER SLOTS; undefined where it is none, or covers no slot of ours. */
export function clusterMap(reply: unknown, query: MapQuery): ClusterMap | undefined {
  const ranges = (Array.isArray(reply) ? reply : []).map((range) => rangeOf(range, query))
  const ownerOf = (hashSlot: number) =>
    ranges.find(({ first, last }) => first <= hashSlot && hashSlot <= last)?.primary
  const owners = query.hashSlots.map(ownerOf)
  if (owners.every((owner) => owner === undefined)) return undefined
  const primaries = ranges.flatMap(({ primary }) => primary ?? [])
  const nodes = [...primaries, ...ranges.flatMap(({ replicas }) => replicas)]
  return { owners, nodes: [...new Map(nodes.map((node) => [nameOf(node), node])).values()] }
}

/**
 * What a node says of itself in CLUSTER NODES: who it is, its configuration epoch, its hash
 * slots. Undefined where one of ours is on its way to it or from it, or nothing is said.
 */
export function standingOf(reply: unknown, hashSlots: readonly number[]): string | undefined {
  const own = String(reply)
    .split('\n')
    .find((line) => line.split(' ')[2]?.includes('myself'))
  if (own === undefined) return undefined
  const [id, , , , , , epoch, , ...slots] = own.trim().split(' ')
  const onTheirWay = slots.flatMap((text) => /^\[(\d+)-/.exec(text)?.[1] ?? []).map(Number)
  if (onTheirWay.some((slot) => hashSlots.includes(slot))) return undefined
  return [id, epoch, ...slots].join(' ')
}

export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`
}

function rangeOf(range: unknown, query: MapQuery): Range {
  const [first, last, ...nodes] = Array.isArray(range) ? range : []
  const [primary, ...replicas] = nodes.map((node) => addressOf(node, query))
  return {
    first: Number(first),
    last: Number(last),
    primary,
    replicas: replicas.filter((address) => address !== undefined),
  }
}

/** No host means the one that was asked, `?` one that the cluster doesn't know. */
function addressOf(node: unknown, { asked, reach }: MapQuery): Address | undefined {
  const [host, port] = Array.isArray(node) ? node : []
  if (host === '?' || !Number.isInteger(Number(port))) return undefined
  return reach({ host: host ? String(host) : asked.host, port: Number(port) })
}
