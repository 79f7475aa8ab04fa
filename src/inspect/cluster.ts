/** The nodes of a Redis Cluster, where it is one: who has a key, and who has any. */
import { type ClusterNodeRow, parseClusterNodes } from './cluster-nodes.ts'
import type { CommandLine } from './command-name.ts'
import { parseInfo } from './info.ts'
import type { Inspection } from './inspection.ts'
import { textOf } from './reply.ts'
import type { NodeAddress } from './target.ts'

/** `MOVED 7000 10.0.0.1:6379` */
const moved = /^MOVED \d+ (.+):(\d+)$/

/** The node that has this key: any other names it. */
export async function nodeOfKey(inspection: Inspection, name: string): Promise<Inspection> {
  try {
    await inspection.call('pttl', name)
    return inspection
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
    const [, host, port] = moved.exec(cause) ?? []
    if (host === undefined || port === undefined) throw error
    return inspection.to({ host, port: Number(port) })
  }
}

/** What is asked of a node to find the others; an `Inspection` is one. */
export interface Reachable<Node> {
  call(...line: CommandLine): Promise<unknown>
  to(address: NodeAddress): Node
  /** Ends connections to others than these. */
  keepOnly(addresses: readonly NodeAddress[]): void
}

/** A node of a Cluster that has keys. */
export interface ClusterPrimary<Node> {
  /** As the Cluster names it, wherever it is. */
  readonly id: string
  /** As the map has it, whichever name led there; undefined: the node was never told its own. */
  readonly address: string | undefined
  readonly isFailing: boolean
  readonly node: Node
}

/**
 * In the order of their slots, which stays when another takes the place of one; undefined: it is
 * a single server. Connections to nodes that are not in the map any more are ended.
 */
export async function clusterPrimaries<Node extends Reachable<Node>>(
  asked: Node,
): Promise<readonly ClusterPrimary<Node>[] | undefined> {
  if (!(await isCluster(asked))) return undefined
  const rows = parseClusterNodes(textOf(await asked.call('cluster', 'nodes')) ?? '')
  asked.keepOnly(rows.flatMap(addressesOf))
  return rows
    .flatMap((row) => {
      const { isPrimary, firstSlot } = row
      return isPrimary && firstSlot !== undefined ? { ...row, firstSlot } : []
    })
    .sort((left, right) => left.firstSlot - right.firstSlot)
    .map((row) => ({
      ...row,
      node: row.isSelf ? asked : asked.to(row),
      address: row.host === '' ? undefined : `${row.host}:${row.port}`,
    }))
}

/** By each of its names. */
function addressesOf({ host, hostname, port }: ClusterNodeRow): NodeAddress[] {
  return [host, hostname].flatMap((name) => (name === undefined ? [] : { host: name, port }))
}

/** All that have keys and answer; of a single server itself. */
export async function primariesOf(inspection: Inspection): Promise<readonly Inspection[]> {
  const primaries = await clusterPrimaries(inspection)
  if (primaries === undefined) return [inspection]
  return primaries.filter(({ isFailing }) => !isFailing).map(({ node }) => node)
}

export async function isCluster(inspection: Pick<Inspection, 'call'>): Promise<boolean> {
  const info = parseInfo(textOf(await inspection.call('info', 'cluster')) ?? '')
  return info.number('cluster_enabled') === 1
}
