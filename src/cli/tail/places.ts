/** Where the channels of a cache are: on its one server, or with its partitions on nodes. */
import { allPartitionNames } from '../../core/slot-names.ts'
import { type Inspection, isCluster, type NodeAddress, nodeOfKey } from '../../inspect/index.ts'
import { agreedOn } from '../connection/agreed.ts'
import type { Nodes } from '../connection/nodes.ts'
import { homeOf } from '../connection/server.ts'

/** A server that is listened to. */
export interface Place {
  readonly address: string
  /** Undefined: the one that was named. */
  readonly node: NodeAddress | undefined
  readonly channels: readonly string[]
  /** Instead of channels, where they have no shards. */
  readonly pattern: string | undefined
}

export interface PlacesParts {
  readonly namespace: string
  readonly nodes: Nodes
}

export class Places {
  readonly #parts: PlacesParts
  /** Agreed on by the processes; the node that knows it may be away later. */
  #partitions: number | undefined
  #asked = ''

  constructor(parts: PlacesParts) {
    this.#parts = parts
  }

  /** The address of the node that the last question went to. */
  get asked(): string {
    return this.#asked
  }

  /** Rejects where nobody tells. */
  async find(): Promise<readonly Place[]> {
    const { namespace, nodes } = this.#parts
    await nodes.primaries()
    const { asked } = nodes
    this.#asked = asked.address
    if (!(await isCluster(asked))) {
      const pattern = `cache:invalidate:{${globLiteral(namespace)}:*}`
      return [{ address: asked.address, node: undefined, channels: [], pattern }]
    }
    const channels = new Map<string, string[]>()
    for (const names of allPartitionNames(namespace, await this.#partitionsBy(asked))) {
      const { address } = await nodeOfKey(asked, names.meta)
      channels.set(address, [...(channels.get(address) ?? []), names.channel])
    }
    return [...channels].map(([address, own]) => {
      return { address, node: nodeAt(address), channels: own, pattern: undefined }
    })
  }

  async #partitionsBy(asked: Inspection): Promise<number> {
    if (this.#partitions !== undefined) return this.#partitions
    const { namespace } = this.#parts
    const inspection = await homeOf(asked, namespace)
    this.#asked = inspection.address
    const { partitions } = await agreedOn({ inspection, namespace })
    // Until processes have come, nothing is to be kept.
    if (partitions !== undefined) this.#partitions = partitions
    return partitions ?? 1
  }
}

function nodeAt(address: string): NodeAddress {
  const colon = address.lastIndexOf(':')
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
}

function globLiteral(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&')
}
