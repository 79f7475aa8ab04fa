/** The text of CLUSTER NODES: a node a line. */

export interface ClusterNodeRow {
  readonly id: string
  readonly host: string
  readonly port: number
  readonly isPrimary: boolean
  /** It is the one that was asked. */
  readonly isSelf: boolean
  /** Of a replica. */
  readonly primaryId: string | undefined
  readonly isFailing: boolean
  readonly isConnected: boolean
  /** Hash slots that it serves. */
  readonly slots: number
}

export function parseClusterNodes(text: string): readonly ClusterNodeRow[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map(nodeOf)
}

function nodeOf(line: string): ClusterNodeRow {
  const [id = '', address = '', flagText = '', primary = '-', , , , link, ...ranges] = line
    .trim()
    .split(' ')
  const flags = flagText.split(',')
  const [endpoint = ''] = address.split(/[@,]/)
  const colon = endpoint.lastIndexOf(':')
  return {
    id,
    host: endpoint.slice(0, colon),
    port: Number(endpoint.slice(colon + 1)),
    isPrimary: flags.includes('master'),
    isSelf: flags.includes('myself'),
    primaryId: primary === '-' ? undefined : primary,
    isFailing: flags.some((flag) => flag === 'fail' || flag === 'fail?'),
    isConnected: link === 'connected',
    slots: ranges.reduce((sum, range) => sum + slotsIn(range), 0),
  }
}

/** A slot on its way stands in brackets, and belongs to where it is. */
function slotsIn(range: string): number {
  if (range.startsWith('[')) return 0
  const [first = '', last = first] = range.split('-')
  return Number(last) - Number(first) + 1
}
