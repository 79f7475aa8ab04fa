/** The text of CLIENT LIST: a connection a line. */

export interface ClientRow {
  readonly id: number
  readonly address: string
  /** Empty: nobody named it. */
  readonly name: string
  /** What a library says of itself (7.2); empty: nothing. */
  readonly library: string
  readonly user: string
  readonly ageS: number
  readonly idleS: number
  readonly flags: string
  readonly db: number
  /** The last command, lower case: `config|get`. */
  readonly command: string
  /** Undefined before Redis 6. */
  readonly memoryBytes: number | undefined
  readonly outputBytes: number
  readonly subscriptions: number
}

export function parseClientList(text: string): readonly ClientRow[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => rowOf(fieldsOfLine(line)))
}

/** Names hold no spaces; Redis refuses them. */
function fieldsOfLine(line: string): ReadonlyMap<string, string> {
  const pairs = line
    .trim()
    .split(' ')
    .map((part): [string, string] => {
      const at = part.indexOf('=')
      return [part.slice(0, at), part.slice(at + 1)]
    })
  return new Map(pairs)
}

function rowOf(fields: ReadonlyMap<string, string>): ClientRow {
  const number = (name: string): number => Number(fields.get(name) ?? 0)
  const memory = fields.get('tot-mem')
  return {
    id: number('id'),
    address: fields.get('addr') ?? '',
    name: fields.get('name') ?? '',
    library: fields.get('lib-name') ?? '',
    user: fields.get('user') ?? '',
    ageS: number('age'),
    idleS: number('idle'),
    flags: fields.get('flags') ?? '',
    db: number('db'),
    command: (fields.get('cmd') ?? '').toLowerCase(),
    memoryBytes: memory === undefined ? undefined : Number(memory),
    outputBytes: number('omem'),
    subscriptions: number('sub') + number('psub') + number('ssub'),
  }
}
