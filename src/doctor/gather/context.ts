/** What gathering works with. */
import type { Clock } from '../../core/contracts/clock.ts'
import type { Inspection } from '../../inspect/index.ts'
import type { GatheredFacts } from '../facts.ts'

export interface GatherOptions {
  /** Of the cache; without it those whose caches listen are found. */
  readonly namespace: string | undefined
  readonly windowMs: number
  readonly budgetMs: number
  readonly keysMax: number
  /** All keys, whatever they take. */
  readonly isDeep: boolean
  /** Beginnings of values may be read. */
  readonly withValues: boolean
  readonly preferReplica: boolean
  /** A session of HOTKEYS may be begun. */
  readonly withHotKeys: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: (line: () => string) => void
}

export interface GatherContext {
  readonly inspection: Inspection
  readonly clock: Clock
  readonly options: GatherOptions
}

/** Facts while they are being gathered. */
export type Gathering = { -readonly [N in keyof GatheredFacts]: GatheredFacts[N] }

/** Of an error, without its code: it stands in findings. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/^SP_\w+: /, '')
}
