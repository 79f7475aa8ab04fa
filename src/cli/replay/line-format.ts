/**
 * What a line of a trace says. Two formats are known: a key on each line, and
 * `timestamp_s,key,size,op,ttl` with a client behind it or not, empty where unknown.
 */

/** The key of a line, or undefined where the line has none. */
export type KeyOf = (line: string) => string | undefined

const keyLengthMax = 1_024
const columns = { least: 5, most: 6 }
const headers: readonly RegExp[] = [/^key$/i, /^timestamp(_s)?,key,/i]

/** Judges by lines from the beginning: what most of them have decides. */
export function formatOf(lines: readonly string[]): KeyOf {
  const rows = lines.filter((line) => keyOfRow(line) !== undefined)
  return rows.length * 2 > lines.length ? keyOfRow : keyOfLine
}

export function isHeader(line: string): boolean {
  return headers.some((header) => header.test(line))
}

function keyOfLine(line: string): string | undefined {
  const isKey = line.length > 0 && line.length <= keyLengthMax && !line.includes('\0')
  return isKey ? line : undefined
}

function keyOfRow(line: string): string | undefined {
  const start = line.indexOf(',') + 1
  const end = line.indexOf(',', start)
  if (start === 0 || end === -1 || !isTime(line.slice(0, start - 1))) return undefined
  let count = 2
  for (let at = end; at !== -1; at = line.indexOf(',', at + 1)) count++
  if (count < columns.least || count > columns.most) return undefined
  return keyOfLine(line.slice(start, end))
}

/** Empty: not known. */
function isTime(text: string): boolean {
  return text === '' || Number.isFinite(Number(text))
}
