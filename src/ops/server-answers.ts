/** The JSON about the server behind a cache, and the envelope that every answer has. */

/** Of every answer. */
export interface Answer {
  readonly schemaVersion: 1
  readonly atMs: number
}

/** Memory of the server (SPEC F2); undefined: it did not say. */
export interface ServerMemory {
  readonly usedBytes: number | undefined
  readonly maxBytes: number | undefined
  readonly usedPercent: number | undefined
  readonly evictedKeys: number | undefined
  readonly keyspaceHits: number | undefined
  readonly keyspaceMisses: number | undefined
  readonly keys: number | undefined
  /** By family, counted in a bounded sample and extrapolated; `~` in front when shown. */
  readonly keysByFamily: Readonly<Record<string, number>> | undefined
  readonly isSampled: boolean
}

export interface ServerFigures extends ServerMemory {
  readonly version: string
  readonly uptimeS: number
  readonly policy: string | undefined
  readonly clients: number | undefined
  readonly clientsMax: number | undefined
  readonly opsPerSecond: number | undefined
  readonly evictionsPerHour: number | undefined
}

/** GET /redis */
export interface RedisAnswer extends Answer {
  readonly server: ServerFigures | undefined
  /** Fields of INFO by section. */
  readonly info: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly commands: readonly {
    readonly name: string
    readonly calls: number
    readonly usPerCall: number
  }[]
  readonly slow: readonly {
    readonly id: number
    readonly atMs: number
    readonly us: number
    readonly command: string
    readonly client: string
  }[]
  readonly clients: readonly {
    readonly name: string
    readonly count: number
    readonly bytes: number
  }[]
  /** What the server refused to tell. */
  readonly withheld: readonly string[]
}
