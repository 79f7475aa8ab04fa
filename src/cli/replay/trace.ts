/** A trace in memory: which key was read, and by whom, in order, as small integers. */
import type { TracedAccess } from './line-format.ts'

export interface Trace {
  /** Of the file, without its folder and `.gz`. */
  readonly name: string
  /** The key of each access: integers from 0, in the order of their first appearance. */
  readonly keys: Uint32Array
  readonly keyCount: number
  /** Who read it: integers from 1, or 0 where unknown. Absent: unknown of all. */
  readonly clients?: Uint32Array | undefined
  /** Lines that were passed over because they have no key. */
  readonly badLines: number
  /** True: there was more than is kept. */
  readonly isCut: boolean
}

/** Four bytes each, and what the distinct keys among them take. */
export const accessesMax = 20_000_000
const roomAtFirst = 1 << 16
/** A number takes a fraction of the room of its digits; most traces have nothing else. */
const shortDigits = /^(0|-?[1-9]\d{0,14})$/

/** Collects accesses; texts are kept once, however often they come. */
export class TraceBuilder {
  readonly #numbers = new Map<string | number, number>()
  #keys = new Uint32Array(roomAtFirst)
  readonly #clientNumbers = new Map<string, number>()
  #clients: Uint32Array | undefined
  #count = 0
  #badLines = 0

  get accesses(): number {
    return this.#count
  }

  get badLines(): number {
    return this.#badLines
  }

  get isFull(): boolean {
    return this.#count === accessesMax
  }

  add({ key, client }: TracedAccess): void {
    const compact = shortDigits.test(key) ? Number(key) : key
    let number = this.#numbers.get(compact)
    if (number === undefined) {
      number = this.#numbers.size
      // A copy: the text may be part of a larger one that it would keep alive.
      this.#numbers.set(typeof compact === 'string' ? Buffer.from(key).toString() : compact, number)
    }
    if (this.#count === this.#keys.length) this.#grow()
    if (client !== undefined) this.#addClient(client)
    this.#keys[this.#count++] = number
  }

  addBad(): void {
    this.#badLines++
  }

  build(name: string, isCut: boolean): Trace {
    const keys = this.#keys.slice(0, this.#count)
    const clients = this.#clients?.slice(0, this.#count)
    return { name, keys, clients, keyCount: this.#numbers.size, badLines: this.#badLines, isCut }
  }

  #grow(): void {
    const larger = new Uint32Array(Math.min(accessesMax, this.#keys.length * 2))
    larger.set(this.#keys)
    this.#keys = larger
    if (this.#clients === undefined) return
    const clients = new Uint32Array(larger.length)
    clients.set(this.#clients)
    this.#clients = clients
  }

  #addClient(client: string): void {
    let number = this.#clientNumbers.get(client)
    if (number === undefined) {
      number = this.#clientNumbers.size + 1
      this.#clientNumbers.set(Buffer.from(client).toString(), number)
    }
    this.#clients ??= new Uint32Array(this.#keys.length)
    this.#clients[this.#count] = number
  }
}
