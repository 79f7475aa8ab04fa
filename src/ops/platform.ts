/** What the admin API stands on: a cache, and what is known of the processes that share it. */
import type { CacheMethods } from '../core/cache.ts'
import type { Explanation } from '../core/explanation.ts'
import type { Key } from '../core/key.ts'
import type { BreakerName } from '../core/resilience-options.ts'
import type {
  DeclaredFamily,
  Follower,
  HistorySample,
  ProcessFacts,
  Published,
} from '../observe/index.ts'
import type { InvalidationRow } from './answers.ts'

/** What is asked of a cache; `openCache` gives one. */
export interface OpsCache
  extends Pick<
    CacheMethods,
    | 'clear'
    | 'family'
    | 'health'
    | 'invalidate'
    | 'invalidatePattern'
    | 'invalidateTag'
    | 'keys'
    | 'lock'
    | 'observe'
    | 'stats'
  > {
  about(): OpsAbout
  explain(key: Key): Promise<Explained>
  /** Checks its options itself. */
  configureBreaker(name: BreakerName, options: object): void
}

/** What is asked of an explanation; all of it is answered. */
export interface Explained {
  /** Where a read would find its value now. */
  readonly next: Explanation['next']
}

export interface OpsAbout {
  readonly service: string
  readonly process: string
  readonly namespace: string
  readonly families: Readonly<Record<string, DeclaredFamily>>
}

/** What is asked of a reporter; `openReporter` gives one. */
export interface OpsReporter {
  readonly invalidations: OpsInvalidations
  own(): ProcessFacts
  facts(): Promise<{ readonly processes: readonly Published[] }>
  history(sinceMs: number): Promise<readonly HistorySample[]>
}

export interface OpsInvalidations {
  readonly seen: number
  rows(afterSeq?: number): readonly InvalidationRow[]
  follow(wake: () => void): Follower
}
