/** The JSON about the server behind a cache, and the envelope that every answer has. */

/** Of every answer. */
export interface Answer {
  readonly schemaVersion: 1
  readonly atMs: number
}

/** Memory of a node; undefined: it did not say. */
export interface NodeMemory {
  readonly usedBytes: number | undefined
  readonly maxBytes: number | undefined
  readonly usedPercent: number | undefined
  readonly evictedKeys: number | undefined
  readonly keyspaceHits: number | undefined
  readonly keyspaceMisses: number | undefined
  readonly keys: number | undefined
}

/**
 * Memory of the server (SPEC F2), of a Cluster of all primaries: sums, but the fullest node's
 * `usedPercent`. What one of them does not say is not known of all.
 */
export interface ServerMemory extends NodeMemory {
  /** By family, counted in a bounded sample and extrapolated; `~` in front when shown. */
  readonly keysByFamily: Readonly<Record<string, number>> | undefined
  readonly isSampled: boolean
}

export interface NodeFigures extends NodeMemory {
  readonly version: string
  readonly uptimeS: number
  readonly policy: string | undefined
  readonly clients: number | undefined
  readonly clientsMax: number | undefined
  readonly opsPerSecond: number | undefined
}

/** Of all nodes: sums; and of those that answer all that they say, and the shortest `uptimeS`. */
export interface ServerFigures extends NodeFigures, ServerMemory {
  readonly evictionsPerHour: number | undefined
}

/** GET /redis */
export interface RedisAnswer extends Answer {
  readonly server: ServerFigures | undefined
  /** That answered: of a Cluster its primaries. */
  readonly nodes: readonly (NodeFigures & { readonly address: string })[]
  /** With those that do not answer: where there are such, no sum is known. */
  readonly nodesTotal: number
  /** Fields of INFO by section, of the first node that answered. */
  readonly info: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Of all nodes that answered, together. */
  readonly commands: readonly {
    readonly name: string
    readonly calls: number
    readonly usPerCall: number
  }[]
  readonly slow: readonly {
    /** Of its node. */
    readonly id: number
    /** Its address. */
    readonly node: string
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
  /** What the server did not tell. */
  readonly withheld: readonly string[]
}
