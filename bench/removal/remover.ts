/** One way of one library to invalidate what matches, among many keys that do not. */
import { randomUUID } from 'node:crypto'
import type { Stage } from '../contestant.ts'
import type { LibraryOptions } from '../libraries/library.ts'

export interface OpenedRemover {
  /** Through the library, so that it is stored as the library stores it. */
  fetch(key: string): Promise<unknown>
  /** All that were fetched, by one call. */
  remove(): Promise<unknown>
  close(): Promise<unknown>
}

export interface Remover {
  /** The call. */
  readonly name: string
  open(options: LibraryOptions): Promise<OpenedRemover>
}

/** A remover, opened, with keys of its own. */
export class Removal {
  readonly #opened: OpenedRemover
  readonly #keys: readonly string[]
  readonly #loads: () => number

  private constructor(opened: OpenedRemover, keys: readonly string[], loads: () => number) {
    this.#opened = opened
    this.#keys = keys
    this.#loads = loads
  }

  static async open(remover: Remover, stage: Stage, keys: readonly string[]): Promise<Removal> {
    const { peers, redisUrl = '' } = stage
    const namespace = `removal-${randomUUID()}`
    let loads = 0
    const load = async (key: string) => {
      loads++
      return `value of ${key}`
    }
    const opened = await remover.open({ peers, redisUrl, namespace, tiers: 'both', load })
    return new Removal(opened, keys, () => loads)
  }

  /** Throws unless the source was asked for every key: then something had not been removed. */
  async fill(): Promise<void> {
    const before = this.#loads()
    await Promise.all(this.#keys.map((key) => this.#opened.fetch(key)))
    const loaded = this.#loads() - before
    if (loaded !== this.#keys.length) {
      throw new Error(`of ${this.#keys.length} keys ${this.#keys.length - loaded} were still there`)
    }
  }

  async remove(): Promise<void> {
    await this.#opened.remove()
  }

  async close(): Promise<void> {
    await this.#opened.close()
  }
}
