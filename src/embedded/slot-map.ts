/**
 * Texts with an expiry, as Redis keeps strings: gone on access once their time is over,
 * and swept a few at a time by writes, so that nothing is held by a timer. When the texts
 * together grow too large, those written longest ago are evicted: a lost slot is a miss.
 */

/** Undefined text: a key of another type, which only a test puts there. */
interface Cell {
  readonly text: string | undefined
  /** Server ms; the text is still there in this millisecond. */
  readonly expiresMs: number
}

/** Looked at by each write; the sweep is faster than writes can grow the map. */
const SWEPT_PER_WRITE = 4
/** Characters of all texts together, about 64 MB. */
export const charsMaxDefault: number = 64 * 1024 * 1024

export class SlotMap {
  readonly #cells = new Map<string, Cell>()
  readonly #charsMax: number
  #chars = 0
  #sweep: Iterator<[string, Cell]> | undefined

  constructor(charsMax: number) {
    this.#charsMax = charsMax
  }

  get count(): number {
    return this.#cells.size
  }

  get chars(): number {
    return this.#chars
  }

  keys(): IterableIterator<string> {
    return this.#cells.keys()
  }

  cell(key: string, nowMs: number): Cell | undefined {
    const cell = this.#cells.get(key)
    if (cell === undefined || Math.floor(nowMs) <= cell.expiresMs) return cell
    this.drop(key)
    return undefined
  }

  /** `lifeMs` of Infinity: until it is dropped. */
  put(
    key: string,
    text: string | undefined,
    { lifeMs, nowMs }: { lifeMs: number; nowMs: number },
  ): void {
    const expiresMs = Math.floor(nowMs) + Math.max(1, Math.floor(lifeMs))
    this.#place(key, { text, expiresMs })
    this.#sweepSome(nowMs)
    this.#evictOldest()
  }

  /** The life of the key stays. */
  rewrite(key: string, text: string, nowMs: number): void {
    const expiresMs = this.cell(key, nowMs)?.expiresMs ?? Number.POSITIVE_INFINITY
    this.#place(key, { text, expiresMs })
  }

  drop(key: string): boolean {
    const cell = this.#cells.get(key)
    if (cell === undefined) return false
    this.#chars -= sizeOf(key, cell)
    return this.#cells.delete(key)
  }

  copy(): SlotMap {
    const map = new SlotMap(this.#charsMax)
    for (const [key, cell] of this.#cells) map.#place(key, cell)
    return map
  }

  clear(): void {
    this.#cells.clear()
    this.#chars = 0
    this.#sweep = undefined
  }

  /** As PTTL answers: -2 absent, -1 without expiry. */
  ttlMs(key: string, nowMs: number): number {
    const cell = this.cell(key, nowMs)
    if (cell === undefined) return -2
    return cell.expiresMs === Number.POSITIVE_INFINITY ? -1 : cell.expiresMs - Math.floor(nowMs)
  }

  /** Written last, evicted last. */
  #place(key: string, cell: Cell): void {
    this.drop(key)
    this.#cells.set(key, cell)
    this.#chars += sizeOf(key, cell)
  }

  #sweepSome(nowMs: number): void {
    for (let looked = 0; looked < SWEPT_PER_WRITE; looked++) {
      this.#sweep ??= this.#cells.entries()
      const { done, value } = this.#sweep.next()
      if (done) this.#sweep = undefined
      else if (value[1].expiresMs < Math.floor(nowMs)) this.drop(value[0])
    }
  }

  #evictOldest(): void {
    for (const key of this.#cells.keys()) {
      if (this.#chars <= this.#charsMax) return
      this.drop(key)
    }
  }
}

function sizeOf(key: string, cell: Cell): number {
  return key.length + (cell.text?.length ?? 0)
}
