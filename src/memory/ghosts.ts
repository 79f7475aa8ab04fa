/**
 * Ids that were evicted lately, as fingerprints: what a policy learns from. Buckets of eight
 * cells; a cell is 16 bits of the hash and 16 bits of when it was added, so an entry that is
 * gone costs four bytes. The oldest cell of a bucket makes room for the next; whoever asks
 * says how many additions ago is still of interest.
 *
 * It may forget early (its bucket was full, or the table has grown) and, once in some ten
 * thousand, take an id for another. Both only move a hint.
 */

const ways = 8
const cellsMin = 512
/** Ages are told in so many steps of the table's size. */
const stepsPerTable = 2_048
const stampMask = 0xffff

export class Ghosts {
  #cells: Uint32Array | undefined
  #added = 0
  #count = 0

  /** Fingerprints held, also of those that are too old to be of interest. */
  get count(): number {
    return this.#count
  }

  /** `limit`: additions that will be of interest. */
  add(hash: number, limit: number): void {
    const cells = this.#roomFor(limit)
    const stamp = this.#stamp(++this.#added, cells.length)
    const start = bucketOf(hash, cells.length)
    let [oldest, oldestAge] = [start, -1]
    for (let at = start; at < start + ways; at++) {
      const cell = cells[at] ?? 0
      const age = cell === 0 ? stampMask + 1 : (stamp - cell) & stampMask
      if (age > oldestAge) [oldest, oldestAge] = [at, age]
    }
    if (cells[oldest] === 0) this.#count++
    cells[oldest] = tagOf(hash) | stamp
  }

  /** True: it was added within the last `limit` additions; it is forgotten now. */
  take(hash: number, limit: number): boolean {
    const cells = this.#cells
    if (cells === undefined) return false
    const now = this.#stamp(this.#added, cells.length)
    const ageMax = limit / this.#step(cells.length)
    const start = bucketOf(hash, cells.length)
    const tag = tagOf(hash)
    for (let at = start; at < start + ways; at++) {
      const cell = cells[at] ?? 0
      if (cell === 0 || (cell & ~stampMask) >>> 0 !== tag) continue
      cells[at] = 0
      this.#count--
      return ((now - cell) & stampMask) < ageMax
    }
    return false
  }

  clear(): void {
    this.#cells = undefined
    this.#count = 0
  }

  /** A table that has become too small is begun anew. */
  #roomFor(limit: number): Uint32Array {
    const cells = this.#cells
    if (cells !== undefined && limit <= cells.length) return cells
    let length = cellsMin
    while (length < limit) length *= 2
    this.#count = 0
    this.#cells = new Uint32Array(length)
    return this.#cells
  }

  #stamp(added: number, length: number): number {
    return Math.floor(added / this.#step(length)) & stampMask
  }

  #step(length: number): number {
    return Math.max(1, length / stepsPerTable)
  }
}

function bucketOf(hash: number, length: number): number {
  return (hash & (length / ways - 1)) * ways
}

/** Never without a bit, so that a cell in use is not 0. */
function tagOf(hash: number): number {
  return (hash & 0xffff_0000) >>> 0 || 0x1_0000
}
