/** Which servers are asked for keys: each part of a cluster, replicas rather than primaries. */
import {
  type ClusterNodeRow,
  type Info,
  type Inspection,
  type NodeAddress,
  parseClusterNodes,
  textOf,
} from '../../inspect/index.ts'
import type { GatherContext } from './context.ts'

/** A replica that is further behind shows what is no longer true. */
const lagSMax = 10

export interface SampledNode {
  readonly inspection: Inspection
  readonly from: 'primary' | 'replica'
}

export async function nodesToSample(
  context: GatherContext,
  info: Info,
): Promise<readonly SampledNode[]> {
  const { inspection, options } = context
  if (info.isCluster) return clusterNodes(context)
  const replicas = options.preferReplica ? info.replicas() : []
  const near = replicas.filter(({ state, lagS }) => state === 'online' && lagS <= lagSMax)
  return [await firstReachable(inspection, near, { inspection, from: 'primary' })]
}

async function clusterNodes({
  inspection,
  options,
}: GatherContext): Promise<readonly SampledNode[]> {
  const rows = parseClusterNodes(textOf(await inspection.call('cluster', 'nodes')) ?? '')
  const primaries = rows.filter(({ isPrimary, slots }) => isPrimary && slots > 0)
  const nodes: SampledNode[] = []
  for (const primary of primaries) {
    // A node that was never told its address says none of itself.
    const node = primary.isSelf ? inspection : inspection.to(primary)
    const own: SampledNode = { inspection: node, from: 'primary' }
    const replicas = options.preferReplica ? replicasOf(rows, primary) : []
    nodes.push(await firstReachable(inspection, replicas, own))
  }
  return nodes
}

function replicasOf(
  rows: readonly ClusterNodeRow[],
  { id }: ClusterNodeRow,
): readonly ClusterNodeRow[] {
  return rows.filter(
    (row) => row.primaryId === id && row.isConnected && !row.isFailing && !row.isPrimary,
  )
}

/** Replicas may stand where a tool does not get to. */
async function firstReachable(
  inspection: Inspection,
  addresses: readonly NodeAddress[],
  otherwise: SampledNode,
): Promise<SampledNode> {
  for (const address of addresses) {
    const replica = inspection.to(address, { fromReplica: true })
    const isReachable = await replica.connect().then(
      () => true,
      () => false,
    )
    if (isReachable) return { inspection: replica, from: 'replica' }
  }
  return otherwise
}
