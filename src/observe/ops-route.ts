/**
 * The way to the server that has the records of operations: in a cluster that is the node of
 * partition 0, which any node can name. A node that fails is forgotten, and asked for anew.
 */
import type { Answer, CommandLine, Inspection, NodeAddress } from '../inspect/index.ts'
import type { OpsConnection } from './ops-connection.ts'

/** `MOVED 7000 10.0.0.1:6379` */
const moved = /^MOVED \d+ (.+):(\d+)$/

export class OpsRoute implements OpsConnection {
  readonly #entrance: Inspection
  #node: Inspection | undefined

  constructor(entrance: Inspection) {
    this.#entrance = entrance
  }

  async pipeline(lines: readonly CommandLine[]): Promise<readonly Answer[]> {
    try {
      const answers = await (this.#node ?? this.#entrance).pipeline(lines)
      const place = answers.map(placeIn).find((one) => one !== undefined)
      if (place === undefined) return answers
      this.#node = this.#entrance.to(place)
      return await this.#node.pipeline(lines)
    } catch (error) {
      this.#node = undefined
      throw error
    }
  }

  close(): Promise<void> {
    return this.#entrance.close()
  }
}

function placeIn(answer: Answer): NodeAddress | undefined {
  if (!('error' in answer) || !(answer.error.cause instanceof Error)) return undefined
  const [, host, port] = moved.exec(answer.error.cause.message) ?? []
  return host === undefined ? undefined : { host, port: Number(port) }
}
