/** The text of INFO, by field. What the server does not say is not there, and never 0. */

export interface KeyspaceRow {
  readonly db: number
  readonly keys: number
  readonly expires: number
}

export interface CommandRow {
  /** Lower case, subcommands as `config|get`. */
  readonly name: string
  readonly calls: number
  readonly us: number
  readonly usPerCall: number
  readonly rejected: number
  readonly failed: number
}

export interface ReplicaRow {
  readonly host: string
  readonly port: number
  readonly state: string
  readonly offset: number
  readonly lagS: number
}

export class Info {
  /** Fields by section, as the server names them. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly #fields: ReadonlyMap<string, string>

  constructor(sections: Readonly<Record<string, Readonly<Record<string, string>>>>) {
    this.sections = sections
    this.#fields = new Map(Object.values(sections).flatMap((fields) => Object.entries(fields)))
  }

  text(field: string): string | undefined {
    return this.#fields.get(field)
  }

  number(field: string): number | undefined {
    const text = this.#fields.get(field)
    if (text === undefined || text === '') return undefined
    // Ratios and percents may carry their sign.
    const number = Number(text.replace(/%$/, ''))
    return Number.isNaN(number) ? undefined : number
  }

  get isCluster(): boolean {
    return this.number('cluster_enabled') === 1
  }

  /** Databases that have keys. */
  keyspace(): readonly KeyspaceRow[] {
    return this.#startingWith(/^db(\d+)$/).map(([db, text]) => {
      const { keys, expires } = fieldsOf(text)
      return { db: Number(db), keys: Number(keys), expires: Number(expires) }
    })
  }

  /** INFO commandstats, since the server or its counters were started. */
  commands(): readonly CommandRow[] {
    return this.#startingWith(/^cmdstat_(.+)$/).map(([name, text]) => {
      const fields = fieldsOf(text)
      return {
        name: name.toLowerCase(),
        calls: Number(fields.calls ?? 0),
        us: Number(fields.usec ?? 0),
        usPerCall: Number(fields.usec_per_call ?? 0),
        rejected: Number(fields.rejected_calls ?? 0),
        failed: Number(fields.failed_calls ?? 0),
      }
    })
  }

  /** Error replies by their first word. */
  errors(): ReadonlyMap<string, number> {
    const rows = this.#startingWith(/^errorstat_(.+)$/)
    return new Map(rows.map(([name, text]) => [name, Number(fieldsOf(text).count ?? 0)]))
  }

  /** Quantiles of INFO latencystats in µs, since the start. */
  latencies(): ReadonlyMap<string, Readonly<Record<string, number>>> {
    const rows = this.#startingWith(/^latency_percentiles_usec_(.+)$/)
    return new Map(
      rows.map(([name, text]) => {
        const quantiles = Object.entries(fieldsOf(text)).map(([key, us]) => [key, Number(us)])
        return [name, Object.fromEntries(quantiles)]
      }),
    )
  }

  /** As a primary lists them. */
  replicas(): readonly ReplicaRow[] {
    return this.#startingWith(/^slave(\d+)$/).map(([, text]) => {
      const fields = fieldsOf(text)
      return {
        host: fields.ip ?? '',
        port: Number(fields.port ?? 0),
        state: fields.state ?? '',
        offset: Number(fields.offset ?? 0),
        lagS: Number(fields.lag ?? 0),
      }
    })
  }

  /** What the pattern captures, and the value. */
  #startingWith(pattern: RegExp): readonly (readonly [string, string])[] {
    return [...this.#fields].flatMap(([field, text]) => {
      const found = pattern.exec(field)?.[1]
      return found === undefined ? [] : [[found, text] as const]
    })
  }
}

/** Lines of `field:value` under `# Section`. */
export function parseInfo(text: string): Info {
  const sections: Record<string, Record<string, string>> = {}
  // CLUSTER INFO names no section.
  let name = ''
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) {
      name = line.slice(1).trim()
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const fields = sections[name] ?? {}
    sections[name] = fields
    fields[line.slice(0, colon)] = line.slice(colon + 1)
  }
  return new Info(sections)
}

/** `a=1,b=2`. */
export function fieldsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
  })
  return Object.fromEntries(pairs)
}
