/** The nodes of a server for who looks at it for long: as whichever of them answers has them. */
import { isStaleproofError } from '../../core/errors.ts'
import { type ClusterPrimary, clusterPrimaries, type Inspection } from '../../inspect/index.ts'
import { namespaceOn } from './namespaces.ts'

export type Primary = Pick<ClusterPrimary<Inspection>, 'node' | 'isFailing'>

export class Nodes {
  readonly #named: Inspection
  /** By the last map. */
  #primaries: readonly Primary[]
  #asked: Inspection

  constructor(named: Inspection) {
    this.#named = named
    this.#primaries = [alone(named)]
    this.#asked = named
  }

  /** The one that has answered last. */
  get asked(): Inspection {
    return this.#asked
  }

  /** Those that have keys; where nobody answers, those that had. A single server is one. */
  async primaries(): Promise<readonly Primary[]> {
    const mapped = (await this.#mapOf(this.#asked)) ?? (await this.#firstMap())
    if (mapped !== undefined) this.#primaries = mapped
    return this.#primaries
  }

  /** Of the cache, by the nodes that answer. Rejects with `SP_OPTION_INVALID`. */
  async namespace(given: string | undefined): Promise<string> {
    if (given !== undefined) return namespaceOn(this.#asked, given)
    const primaries = (await this.primaries()).filter(({ isFailing }) => !isFailing)
    const pings = primaries.map(async ({ node }) => {
      return (await unlessDown(node.call('ping'))) === undefined ? [] : [node]
    })
    return namespaceOn(this.#asked, given, (await Promise.all(pings)).flat())
  }

  /** Of whoever answers first; undefined: nobody does. */
  async #firstMap(): Promise<readonly Primary[] | undefined> {
    const others = new Set([this.#named, ...this.#primaries.map(({ node }) => node)])
    others.delete(this.#asked)
    const maps = [...others].map(async (node) => {
      const found = await this.#mapOf(node)
      if (found === undefined) throw new Error('it does not answer')
      return found
    })
    return Promise.any(maps).catch(() => undefined)
  }

  /** Undefined: it does not answer. */
  async #mapOf(node: Inspection): Promise<readonly Primary[] | undefined> {
    const found = await unlessDown(clusterPrimaries(node).then((all) => all ?? [alone(node)]))
    if (found !== undefined) this.#asked = node
    return found
  }
}

function alone(node: Inspection): Primary {
  return { node, isFailing: false }
}

async function unlessDown<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (isStaleproofError(error, 'SP_REDIS_DOWN')) return undefined
    throw error
  }
}
