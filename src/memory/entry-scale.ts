/** What an entry takes: its value, its id, its tags, and its place. */
import type { MemoryId } from '../core/contracts/memory.ts'
import type { Entry } from '../core/entry.ts'
import { fieldIndexBytes } from './field-index.ts'
import { packSize, unpackSize } from './size-bits.ts'
import { Shapes, weigh, weighText } from './weigh.ts'

/** What an entry takes besides its key and value, at most, in whole words (`heap.test.ts`). */
export const entryOverheadBytes = 112

export class EntryScale {
  readonly #shapes = new Shapes()
  readonly #overheadBytes: number
  /** With fields, the characters of an id are held as those of its key, and once more. */
  readonly #idTexts: number

  /** Ids have so many fields, or are what entries are held under. */
  constructor(fields: number) {
    this.#overheadBytes = entryOverheadBytes + (fields === 0 ? 0 : fieldIndexBytes(fields))
    this.#idTexts = fields === 0 ? 1 : 2
  }

  /**
   * Bytes of heap, estimated, as they can be noted (`size-bits.ts`). A single tag is that of
   * the family, which all share.
   */
  weigh(id: MemoryId, { value, tags }: Pick<Entry, 'value' | 'tags'>): number {
    const tagsBytes = tags.length > 1 ? weigh(tags, this.#shapes) : 0
    const idBytes = typeof id === 'string' ? this.#idTexts * weighText(id) : 0
    const ownBytes = Math.ceil(weigh(value, this.#shapes) + idBytes + tagsBytes)
    return unpackSize(packSize(ownBytes + this.#overheadBytes))
  }
}
