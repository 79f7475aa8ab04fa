/** Plain data as YAML: block style, every text in double quotes, which JSON and YAML share. */

export type Plain = string | number | boolean | readonly Plain[] | PlainRecord
export interface PlainRecord {
  readonly [name: string]: Plain
}

/** Ends with a line break. */
export function yamlOf(value: Plain): string {
  return `${linesOf(value).join('\n')}\n`
}

function linesOf(value: Plain): readonly string[] {
  if (typeof value !== 'object') return [JSON.stringify(value)]
  if (Object.keys(value).length === 0) return [isList(value) ? '[]' : '{}']
  if (isList(value)) return value.flatMap((item) => indented('- ', linesOf(item)))
  return Object.entries(value).flatMap(([name, item]) => {
    const lines = linesOf(item)
    const isBlock = typeof item === 'object' && Object.keys(item).length > 0
    return isBlock ? [`${name}:`, ...indented('  ', lines)] : [`${name}: ${lines[0]}`]
  })
}

function isList(value: readonly Plain[] | PlainRecord): value is readonly Plain[] {
  return Array.isArray(value)
}

/** The first line behind the lead, the others under it. */
function indented(lead: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, at) => (at === 0 ? lead : '  ') + line)
}
