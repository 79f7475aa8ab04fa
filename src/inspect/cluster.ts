/** The nodes of a Redis Cluster, where it is one: who has a key, and who has any. */
import { parseClusterNodes } from './cluster-nodes.ts'
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
}

/** A node of a Cluster that has keys. */
export interface ClusterPrimary<Node> {
  /** As the Cluster names it, wherever it is. */
  readonly id: string
  readonly isFailing: boolean
  readonly node: Node
}

/** In an order that stays; undefined: it is a single server. */
export async function clusterPrimaries<Node extends Reachable<Node>>(
  asked: Node,
): Promise<readonly ClusterPrimary<Node>[] | undefined> {
  if (!(await isCluster(asked))) return undefined
  const rows = parseClusterNodes(textOf(await asked.call('cluster', 'nodes')) ?? '')
  return (
    rows
      .filter(({ isPrimary, slots }) => isPrimary && slots > 0)
      .sort((left, right) => (left.id < right.id ? -1 : 1))
      // A node that was never told its address says none of itself.
      .map((row) => ({ ...row, node: row.isSelf ? asked : asked.to(row) }))
  )
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
