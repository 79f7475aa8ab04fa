// Rows of a CSV file as records named by its header (RFC 4180, without line breaks inside a field:
// no file of ours has them, and a row broken that way is counted as unusable).
import { linesOf } from './lines.ts'

export type CsvRow = Readonly<Record<string, string>>

/** Every row after the header; `undefined` stands for a row that does not fit the header. */
export async function* csvRows(path: string): AsyncGenerator<CsvRow | undefined> {
  let header: readonly string[] | undefined
  for await (const line of linesOf(path)) {
    if (line === '') continue
    const fields = line === undefined ? undefined : fieldsOf(line)
    if (header === undefined) {
      header = fields ?? []
      continue
    }
    yield fields?.length === header.length ? record(header, fields) : undefined
  }
}

/** The fields of one line; `undefined` when a quoted field is not closed. */
export function fieldsOf(line: string): string[] | undefined {
  const fields: string[] = []
  let at = 0
  while (at <= line.length) {
    const end = line[at] === '"' ? quotedEnd(line, at) : plainEnd(line, at)
    if (end === undefined) return undefined
    const raw = line.slice(at, end)
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    at = end + 1
  }
  return fields
}

function plainEnd(line: string, from: number): number {
  const comma = line.indexOf(',', from)
  return comma === -1 ? line.length : comma
}

function quotedEnd(line: string, from: number): number | undefined {
  let at = from + 1
  while (at < line.length) {
    if (line[at] !== '"') at += 1
    else if (line[at + 1] === '"') at += 2
    else return at + 1 === line.length || line[at + 1] === ',' ? at + 1 : undefined
  }
  return undefined
}

function record(header: readonly string[], fields: readonly string[]): CsvRow {
  return Object.fromEntries(header.map((name, index) => [name, fields[index] ?? '']))
}
