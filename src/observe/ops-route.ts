/**
 * The way to the server that has the records of operations: in a cluster that is the node of
 * partition 0, which any node can name. A node that fails is forgotten, and asked for anew.
 */
import {
  type Answer,
  type CommandLine,
  clusterPrimaries,
  type Inspection,
  type NodeAddress,
} from '../inspect/index.ts'
import type { OpsNode, ServerConnection } from './ops-connection.ts'

/** `MOVED 7000 10.0.0.1:6379` */
const moved = /^MOVED \d+ (.+):(\d+)$/

/** A node, and the way from it to the others; an `Inspection` is one. */
export interface Entrance
  extends Pick<Inspection, 'address' | 'call' | 'close' | 'keepOnly' | 'pipeline'> {
  to(address: NodeAddress): Entrance
}

export class OpsRoute implements ServerConnection {
  readonly #entrance: Entrance
  #node: Entrance | undefined
  /** The last that was named, whether it answers or not. */
  #named: Entrance | undefined

  constructor(entrance: Entrance) {
    this.#entrance = entrance
  }

  async pipeline(lines: readonly CommandLine[]): Promise<readonly Answer[]> {
    try {
      const answers = await (this.#node ?? this.#entrance).pipeline(lines)
      const place = answers.map(placeIn).find((one) => one !== undefined)
      if (place === undefined) return answers
      this.#node = this.#nodeAt(place)
      return await this.#node.pipeline(lines)
    } catch (error) {
      this.#node = undefined
      throw error
    }
  }

  async primaries(): Promise<readonly OpsNode[] | undefined> {
    const primaries = await clusterPrimaries(this.#node ?? this.#entrance)
    return primaries?.map(({ address, node }) => {
      return { address: address ?? node.address, connection: node }
    })
  }

  close(): Promise<void> {
    return this.#entrance.close()
  }

  /** Whoever lives long is led to many: connections to others than this one are ended. */
  #nodeAt(place: NodeAddress): Entrance {
    const node = this.#entrance.to(place)
    if (this.#named !== undefined && this.#named !== node) this.#entrance.keepOnly([place])
    this.#named = node
    return node
  }
}

function placeIn(answer: Answer): NodeAddress | undefined {
  if (!('error' in answer) || !(answer.error.cause instanceof Error)) return undefined
  const [, host, port] = moved.exec(answer.error.cause.message) ?? []
  return host === undefined ? undefined : { host, port: Number(port) }
}
