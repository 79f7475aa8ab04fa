/** What was found out about a server, before anything is judged. */
import type {
  ClientRow,
  HotKeysSession,
  LatencyEvent,
  LatencyHistogram,
  SlowEntry,
} from '../inspect/index.ts'
import type { ProcessFacts } from '../observe/index.ts'
import type { SourceAudit } from './code/source-audit.ts'
import type { ServerIdentity } from './finding.ts'
import type { InfoWindow } from './info-window.ts'
import { groupKeys, type KeyGroup } from './key-groups.ts'
import type { KeySample } from './key-sample.ts'
import { Missing } from './missing.ts'
import type { Registry } from './registry.ts'

/** Everything that a check may need, by name. */
export interface FactTable {
  readonly server: ServerIdentity
  readonly info: InfoWindow
  readonly config: ReadonlyMap<string, string>
  readonly clients: readonly ClientRow[]
  readonly slowLog: SlowLog
  /** Valkey 8.1. */
  readonly commandLog: CommandLog
  readonly latencyEvents: readonly LatencyEvent[]
  /** Text of LATENCY DOCTOR. */
  readonly latencyDoctor: string
  /** By command: what was added within the window. */
  readonly histograms: ReadonlyMap<string, LatencyHistogram>
  /** Redis 8.6, where it was asked for. */
  readonly hotKeys: HotKeysSession
  /** Of a cluster of Valkey 8, those that take most. */
  readonly slotUse: readonly SlotUse[]
  /** Round trips in ms, in the order they were made. */
  readonly pings: readonly number[]
  readonly users: readonly AclUser[]
  readonly dryRuns: readonly DryRun[]
  /** CLUSTER INFO. */
  readonly cluster: ReadonlyMap<string, string>
  /** Subscribers of each channel of invalidations. */
  readonly channels: ReadonlyMap<string, number>
  /** Of all caches on the server. */
  readonly processes: readonly ProcessFacts[]
  /** The same by namespace. */
  readonly caches: ReadonlyMap<string, readonly ProcessFacts[]>
  /** Samples of the last 24 hours, the oldest first. */
  readonly history: readonly HistoryPoint[]
  readonly registry: Registry
  readonly sample: KeySample
  readonly code: SourceAudit
  /** Milliseconds since 1970, by the server. */
  readonly nowMs: number
}

export type FactName = keyof FactTable

export interface SlowLog {
  readonly length: number
  readonly entries: readonly SlowEntry[]
}

export interface CommandLog {
  readonly requests: readonly SlowEntry[]
  readonly replies: readonly SlowEntry[]
}

export interface SlotUse {
  readonly slot: number
  readonly keys: number
  /** Within the window. */
  readonly cpuUs: number
}

export interface AclUser {
  readonly name: string
  /** As ACL LIST writes it. */
  readonly rule: string
}

export interface DryRun {
  readonly user: string
  readonly command: string
  readonly isAllowed: boolean
}

/** Numbers of INFO at one time, as one process has kept them. */
export interface HistoryPoint {
  readonly atMs: number
  readonly numbers: Readonly<Record<string, number>>
}

/** A fact, or why there is none. */
export interface Gathered<T> {
  readonly value?: T | undefined
  readonly missing?: string | undefined
  /** It does not apply here, or nobody asked for it: nothing is wrong with its absence. */
  readonly isMoot?: boolean | undefined
}

export type GatheredFacts = {
  readonly [N in FactName]?: Gathered<FactTable[N]> | undefined
}

export class Facts {
  readonly #gathered: GatheredFacts
  #groups: readonly KeyGroup[] | undefined
  #patterns: readonly KeyGroup[] | undefined

  constructor(gathered: GatheredFacts) {
    this.#gathered = gathered
  }

  /** Where it is not there, the check that asks is skipped. */
  need<N extends FactName>(name: N): FactTable[N] {
    const { value, missing, isMoot }: Gathered<FactTable[N]> = this.#gathered[name] ?? {}
    if (value !== undefined) return value
    throw new Missing(isMoot ? 'moot' : 'skipped', missing ?? `${name} was not asked for`)
  }

  find<N extends FactName>(name: N): FactTable[N] | undefined {
    const { value }: Gathered<FactTable[N]> = this.#gathered[name] ?? {}
    return value
  }

  /** Why it is not there although it applies; undefined: it is there, or does not apply. */
  refusal(name: FactName): string | undefined {
    const { value, missing, isMoot } = this.#gathered[name] ?? {}
    return value === undefined && !isMoot ? missing : undefined
  }

  /** Sampled keys by declared family, else by pattern; grouped once for all checks. */
  keyGroups(): readonly KeyGroup[] {
    this.#groups ??= groupKeys(this.need('sample'), this.find('registry'))
    return this.#groups
  }

  /** The same by pattern alone. */
  keyPatterns(): readonly KeyGroup[] {
    this.#patterns ??= groupKeys(this.need('sample'), undefined)
    return this.#patterns
  }
}
