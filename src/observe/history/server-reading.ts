/** What the server says for a sample; of a Cluster also what each of its primaries says. */
import { type Info, parseInfo } from '../../inspect/index.ts'
import { type OpsConnection, runAll, type ServerConnection } from '../ops-connection.ts'

/** Nodes that samples tell of, and lines of a chart: more can not be told apart in one. */
export const nodesMax = 12

export interface ServerReading {
  /** Of the node that has the records. */
  readonly info: Info | undefined
  /** Undefined: it is a single server, or its nodes can not be found. */
  readonly cluster?: ClusterReading | undefined
  /** Why they can not. */
  readonly failure?: unknown
}

export interface ClusterReading {
  /** In the order of their slots; the info is undefined where a node does not answer. */
  readonly nodes: readonly { readonly address: string; readonly info: Info | undefined }[]
  /** Primaries beyond the bound, which are not asked. */
  readonly omitted: number
}

/** Rejects where the node that has the records does not answer. */
export async function readServer(connection: ServerConnection): Promise<ServerReading> {
  const info = await infoOf(connection)
  if (info?.isCluster !== true) return { info }
  try {
    const primaries = (await connection.primaries()) ?? []
    const asked = primaries.slice(0, nodesMax)
    const nodes = asked.map(async ({ address, connection: node }) => {
      return { address, info: await infoOf(node).catch(() => undefined) }
    })
    const omitted = primaries.length - asked.length
    return { info, cluster: { nodes: await Promise.all(nodes), omitted } }
  } catch (failure) {
    return { info, failure }
  }
}

async function infoOf(connection: OpsConnection): Promise<Info | undefined> {
  const [info] = await runAll(connection, [['info']])
  return typeof info === 'string' ? parseInfo(info) : undefined
}
