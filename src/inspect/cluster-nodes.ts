/** The text of CLUSTER NODES: a node a line. */

export interface ClusterNodeRow {
  readonly id: string
  readonly host: string
  /** By which a MOVED may name it instead. */
  readonly hostname: string | undefined
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
  /** The lowest of them, which whoever takes its place has too. */
  readonly firstSlot: number | undefined
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
  const [places = '', hostname] = address.split(',')
  const [endpoint = ''] = places.split('@')
  const colon = endpoint.lastIndexOf(':')
  const served = ranges.filter(isServed).map(slotsIn)
  return {
    id,
    host: endpoint.slice(0, colon),
    hostname: hostname || undefined,
    port: Number(endpoint.slice(colon + 1)),
    isPrimary: flags.includes('master'),
    isSelf: flags.includes('myself'),
    primaryId: primary === '-' ? undefined : primary,
    isFailing: flags.some((flag) => flag === 'fail' || flag === 'fail?'),
    isConnected: link === 'connected',
    slots: served.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    // They come in their order.
    firstSlot: served[0]?.first,
  }
}

/** A slot on its way stands in brackets, and belongs to where it is. */
function isServed(range: string): boolean {
  return !range.startsWith('[')
}

function slotsIn(range: string): { readonly first: number; readonly last: number } {
  const [first = '', last = first] = range.split('-')
  return { first: Number(first), last: Number(last) }
}
