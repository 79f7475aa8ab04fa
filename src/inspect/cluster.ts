/** The nodes of a Redis Cluster, where it is one: who has a key, and who has any. */
import { parseClusterNodes } from './cluster-nodes.ts'
import { parseInfo } from './info.ts'
import type { Inspection } from './inspection.ts'
import { textOf } from './reply.ts'

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

/** All that have keys; of a single server itself. */
export async function primariesOf(inspection: Inspection): Promise<readonly Inspection[]> {
  if (!(await isCluster(inspection))) return [inspection]
  const nodes = parseClusterNodes(textOf(await inspection.call('cluster', 'nodes')) ?? '')
  const serving = nodes.filter(({ isPrimary, isFailing, slots }) => {
    return isPrimary && !isFailing && slots > 0
  })
  return serving.map(({ host, port }) => inspection.to({ host, port }))
}

export async function isCluster(inspection: Inspection): Promise<boolean> {
  const info = parseInfo(textOf(await inspection.call('info', 'cluster')) ?? '')
  return info.number('cluster_enabled') === 1
}
