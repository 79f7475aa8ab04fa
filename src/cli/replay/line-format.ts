/**
 * What a line of a trace says. Two formats are known: a key on each line, and
 * `timestamp_s,key,size,op,ttl` with a client behind it or not, empty where unknown.
 */

/** What a line says. */
export interface TracedAccess {
  readonly key: string
  /** Who it was by; undefined: unknown. */
  readonly client: string | undefined
}

/** Undefined: the line has no key. */
export type AccessOf = (line: string) => TracedAccess | undefined

const keyLengthMax = 1_024
const columns = { least: 5, most: 6 }
const headers: readonly RegExp[] = [/^key$/i, /^timestamp(_s)?,key,/i]

/** Judges by lines from the beginning: what most of them have decides. */
export function formatOf(lines: readonly string[]): AccessOf {
  const rows = lines.filter((line) => accessOfRow(line) !== undefined)
  return rows.length * 2 > lines.length ? accessOfRow : accessOfLine
}

export function isHeader(line: string): boolean {
  return headers.some((header) => header.test(line))
}

function accessOfLine(key: string): TracedAccess | undefined {
  return isKey(key) ? { key, client: undefined } : undefined
}

function isKey(text: string): boolean {
  return text.length > 0 && text.length <= keyLengthMax && !text.includes('\0')
}

function accessOfRow(line: string): TracedAccess | undefined {
  const start = line.indexOf(',') + 1
  const end = line.indexOf(',', start)
  if (start === 0 || end === -1 || !isTime(line.slice(0, start - 1))) return undefined
  let count = 2
  let last = start
  for (let at = end; at !== -1; at = line.indexOf(',', at + 1)) {
    count++
    last = at + 1
  }
  const key = line.slice(start, end)
  if (count < columns.least || count > columns.most || !isKey(key)) return undefined
  const client = count === columns.most ? line.slice(last) : ''
  return { key, client: client === '' ? undefined : client }
}

/** Empty: not known. */
function isTime(text: string): boolean {
  return text === '' || Number.isFinite(Number(text))
}
