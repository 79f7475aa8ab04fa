/** What Redis holds, told by key: for people and tools that look into a cache. */
import type { Signal } from './signal.ts'

/** Which keys are listed, and how many. */
export interface KeysOptions {
  /** A glob over key texts, as `cache.….pattern()` builds one. Default `*`: all. */
  readonly pattern?: string | undefined
  /** Most keys that are told, from 1 to 10,000. Default 100. */
  readonly limit?: number | undefined
  /** Ends the listing, which then has what was found (`isComplete` is false). */
  readonly signal?: Signal | undefined
}

/** Keys that Redis held while it was asked, each once and in no order. */
export interface KeyListing {
  readonly keys: readonly string[]
  /** False: there may be more, because the limit, the bound or the signal ended the listing. */
  readonly isComplete: boolean
}
