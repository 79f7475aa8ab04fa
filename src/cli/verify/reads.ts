/** The reads of a client, written down. */
import type { Cache } from '../../core/cache.ts'
import type { GetOptions } from '../../core/handle.ts'
import { hostMs } from '../../system.ts'
import type { HistoryRecorder } from '../../testing/index.ts'
import { pick } from './chance.ts'
import type { ReadMove } from './moves.ts'
import {
  keyOf,
  namesOf,
  type Register,
  type RegisterFamily,
  type RegisterName,
  type Registers,
} from './registers.ts'
import type { WorkerDatabase } from './worker-database.ts'

export interface ClientParts {
  readonly cache: Cache<Registers>
  readonly database: WorkerDatabase
  readonly recorder: HistoryRecorder
}

const manyMax = 6

export const versionOf = (register: Register): number => register.version

export class Reads {
  readonly #parts: ClientParts

  constructor(parts: ClientParts) {
    this.#parts = parts
  }

  async do(move: ReadMove, name: RegisterName): Promise<void> {
    switch (move) {
      case 'plain':
        return this.#one(name)
      case 'strict':
      case 'fresh':
        return this.#one(name, { consistency: move })
      case 'after':
        return this.#after(name)
      case 'many':
        return this.#many(name.family)
    }
  }

  async #one(name: RegisterName, options: GetOptions = {}, after?: number): Promise<void> {
    const { recorder, cache } = this.#parts
    const asked = { mode: options.consistency ?? 'bounded', after, versionOf } as const
    await recorder.read(keyOf(name), asked, () => cache[name.family].lookup(name.id, options))
  }

  async #after(name: RegisterName): Promise<void> {
    const receipt = await this.#parts.database.receipt(name)
    if (receipt === undefined) return
    await this.#one(name, { after: receipt.token }, receipt.version)
  }

  async #many(family: RegisterFamily): Promise<void> {
    const { recorder, cache } = this.#parts
    const names = Array.from({ length: manyMax }, () => pick(namesOf(family)))
    const mode = pick(['bounded', 'strict'] as const)
    const invokedMs = hostMs()
    const ids = names.map(({ id }) => id)
    const outcomes = await cache[family].lookupMany(ids, { consistency: mode })
    for (const [index, name] of names.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) throw new Error(`lookupMany had no answer for ${keyOf(name)}`)
      recorder.saw(keyOf(name), { mode, invokedMs, note: 'many', versionOf }, outcome)
    }
  }
}
