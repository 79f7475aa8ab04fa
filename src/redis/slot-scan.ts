/**
 * The key texts of slots that match a glob, from every node (PROTOCOL 4, globs). A cursor
 * means something only to the server that gave it, so a scan ends with a fault where
 * another incarnation answers; it ends by itself when the server says that it is complete.
 * Keys that go from one node to another meanwhile may be seen on neither: also a fault.
 */
import { StoreFault, scanKeysMax } from '../core/contracts/store.ts'
import { type PartitionNames, partitionOf } from '../core/slot-names.ts'
import type { Commander } from './commander.ts'
import type { Nodes } from './nodes.ts'
import { scanReply } from './replies.ts'
import { type Command, runCommand } from './run-script.ts'

/** Places of the server's table that one command looks at: 0.06 ms of its time, measured. */
const LOOKED_AT = 50

export interface ScanOptions {
  readonly namespace: string
  readonly names: readonly PartitionNames[]
  readonly pattern: string
}

/** After each command the batch that is full by then, else an empty one. */
export async function* slotScan(
  nodes: Nodes,
  options: ScanOptions,
): AsyncGenerator<readonly string[], void> {
  const found: string[] = []
  const standing = nodes.standing && (await nodes.standing())
  for (const node of nodes.all()) {
    for await (const names of namesOn(node, options)) {
      for (const name of names) {
        const key = keyOf(name, options.names)
        if (key !== undefined) found.push(key)
      }
      yield found.length < scanKeysMax ? [] : found.splice(0, scanKeysMax)
    }
  }
  while (found.length > 0) yield found.splice(0, scanKeysMax)
  if (nodes.standing && (await nodes.standing()) !== standing) {
    throw new StoreFault('lost', 'partitions have moved under the scan')
  }
}

async function* namesOn(
  node: Commander,
  { namespace, pattern }: ScanOptions,
): AsyncGenerator<readonly string[], void> {
  const match = `{${namespace.replace(/[*?[\]\\^]/g, '\\$&')}:*}:k:${pattern}`
  const stamp = node.connected?.stamp
  let cursor = '0'
  do {
    if (node.connected?.stamp !== stamp) throw new StoreFault('lost', 'the scan lost its server')
    const command: Command = ['SCAN', cursor, 'MATCH', match, 'COUNT', LOOKED_AT]
    const reply = scanReply(await runCommand(node, command))
    yield reply.names
    cursor = reply.cursor
  } while (cursor !== '0')
}

/** Undefined: of a partition that isn't ours, or in one where it isn't looked for. */
function keyOf(name: string, partitions: readonly PartitionNames[]): string | undefined {
  const partition = partitions.findIndex(({ slot }) => name.startsWith(slot))
  const key = name.slice(partitions[partition]?.slot.length)
  return partition === partitionOf(key, partitions.length) ? key : undefined
}
