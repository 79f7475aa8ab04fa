/**
 * Messages of the server's `pgoutput` plugin, version 1, with values as text ("Logical
 * Replication Message Formats" in PostgreSQL's manual). Only what an invalidation needs is
 * read: which table, which row, and where a transaction ends.
 *
 * A decoder lives as long as one peek: the server describes each table again in every peek.
 */
import { StaleproofError } from '../core/errors.ts'
import type { Change } from './change.ts'
import type { RowText } from './columns.ts'

interface Relation {
  readonly name: string
  readonly columns: readonly string[]
}

export class PgoutputDecoder {
  readonly #relations = new Map<number, Relation>()
  readonly changes: Change[] = []
  /** Of the transactions that were read. */
  readonly transactionIds: Set<string> = new Set()
  /** Where the last of them ends; what lies before has been read. */
  endLsn: string | undefined

  /** Throws `SP_INTERNAL` for what is none of its messages. */
  read(message: Buffer): void {
    const reader = new Reader(message)
    const kind = reader.character()
    switch (kind) {
      case 'B':
        reader.skip(16)
        this.transactionIds.add(String(reader.uint32()))
        return
      case 'C':
        reader.skip(9)
        this.endLsn = lsnText(reader.uint64())
        return
      case 'R':
        this.#describe(reader)
        return
      case 'I':
      case 'U':
      case 'D':
        this.#row(reader)
        return
      case 'T':
        this.#truncated(reader)
        return
      // Origins, types and messages of others say nothing about rows.
      case 'O':
      case 'Y':
      case 'M':
        return
      default:
        throw new StaleproofError('SP_INTERNAL', `pgoutput sent a message '${kind}'`)
    }
  }

  /** The tables that were described, so every one that has changes. */
  get tables(): readonly string[] {
    return [...new Set([...this.#relations.values()].map(({ name }) => name))]
  }

  #describe(reader: Reader): void {
    const id = reader.uint32()
    const name = `${reader.text()}.${reader.text()}`
    reader.skip(1)
    const columns: string[] = []
    for (let left = reader.uint16(); left > 0; left -= 1) {
      reader.skip(1)
      columns.push(reader.text())
      reader.skip(8)
    }
    this.#relations.set(id, { name, columns })
  }

  /** Old and new tuples follow one another, each behind its letter. */
  #row(reader: Reader): void {
    const relation = this.#relation(reader.uint32())
    const tuples: RowText[] = []
    while (!reader.isAtEnd) {
      const isNew = reader.character() === 'N'
      const before = isNew ? tuples.at(-1) : undefined
      tuples.push(tupleOf(reader, relation.columns, before))
    }
    this.changes.push({ kind: 'row', table: relation.name, rows: tuples })
  }

  #truncated(reader: Reader): void {
    const count = reader.uint32()
    reader.skip(1)
    for (let left = count; left > 0; left -= 1) {
      this.changes.push({ kind: 'table', table: this.#relation(reader.uint32()).name })
    }
  }

  #relation(id: number): Relation {
    const relation = this.#relations.get(id)
    if (relation !== undefined) return relation
    throw new StaleproofError('SP_INTERNAL', `pgoutput named an unknown relation ${id}`)
  }
}

/** A large value that did not change is not sent again; then it is as it was before. */
function tupleOf(reader: Reader, columns: readonly string[], before: RowText | undefined): RowText {
  const row: Record<string, string | null> = {}
  const count = reader.uint16()
  for (const name of columns.slice(0, count)) {
    const kind = reader.character()
    if (kind === 't') row[name] = reader.bytes(reader.uint32()).toString('utf8')
    else if (kind === 'n') row[name] = null
    else if (before?.[name] !== undefined) row[name] = before[name]
  }
  return row
}

function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase()
}

class Reader {
  readonly #message: Buffer
  #at = 0

  constructor(message: Buffer) {
    this.#message = message
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#message.length
  }

  skip(count: number): void {
    this.#at += count
  }

  character(): string {
    return this.bytes(1).toString('latin1')
  }

  uint16(): number {
    return this.bytes(2).readUInt16BE()
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE()
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE()
  }

  /** Text up to a zero byte. */
  text(): string {
    const end = this.#message.indexOf(0, this.#at)
    const text = this.bytes(end - this.#at).toString('utf8')
    this.skip(1)
    return text
  }

  bytes(count: number): Buffer {
    const piece = this.#message.subarray(this.#at, this.#at + count)
    if (piece.length !== count) {
      throw new StaleproofError('SP_INTERNAL', 'a message of pgoutput is cut short')
    }
    this.#at += count
    return piece
  }
}
