/** What a cache is and what it declares: it never changes while the cache is open. */
import type { CatalogFamily } from './catalog.ts'

/** Who a cache is among the processes of its namespace. */
export interface CacheAbout {
  readonly service: string
  /** Unique to one run of one process. */
  readonly process: string
  /** The name of the catalog. */
  readonly catalog: string
  readonly namespace: string
  readonly tier: 'redis' | 'embedded'
  readonly partitions: number
  /** Δ. */
  readonly trustMs: number
  /** By name. */
  readonly families: Readonly<Record<string, DeclaredFamily>>
}

/** What a process declares of a family, so that processes can be compared. */
export interface DeclaredFamily {
  readonly template: string
  /** The hash that stands in slots. */
  readonly version: string
  readonly ttlMs: number
  readonly maxStaleMs: number
  readonly codec: string
  readonly isEncrypted: boolean
  /** Encrypted, or allowed to hold what looks like a secret: its values and ids are not shown. */
  readonly isSensitive: boolean
  readonly hasSource: boolean
  /** Where the author declares one: from 0 to 1. */
  readonly hitTarget: number | undefined
}

export function declaredFamily(
  { template, rules }: Pick<CatalogFamily, 'template' | 'rules'>,
  { version, hasSource }: Pick<DeclaredFamily, 'version' | 'hasSource'>,
): DeclaredFamily {
  const { ttlMs, refresh, codec, isEncrypted, isGuarded, hitTarget } = rules
  return Object.freeze({
    template: template.text,
    version,
    ttlMs,
    maxStaleMs: refresh.maxStaleMs,
    codec: typeof codec === 'string' ? codec : codec.name,
    isEncrypted,
    isSensitive: !isGuarded,
    hasSource,
    hitTarget,
  })
}
