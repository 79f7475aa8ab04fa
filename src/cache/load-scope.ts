/**
 * What a source is doing while it runs, found again by every `get` it makes: those
 * are strict, inherit signal, deadline and priority, and may not ask for a key that the same
 * chain is loading (CONTRACT 14).
 *
 * A call for many ids serves callers that have nothing to do with each other. One of its keys
 * may need another of them without a cycle: that one is loaded once more, for the source
 * alone. Asked for again within that load, it is a cycle.
 */
import type { Priority } from '../resilience/index.ts'
import type { AsyncScope } from './async-scope.ts'
import type { SourceGuard } from './source-guard.ts'

export interface Links {
  /** Key texts being loaded, the outermost first. */
  readonly chain: readonly string[]
  /** Those of them that so far are loaded only once, beside others. */
  readonly beside: readonly string[]
}

export interface Scope extends Links {
  readonly signal: AbortSignal
  /** On the monotonic clock. */
  readonly deadlineMs: number
  /** Of the loads that it causes. */
  readonly priority: Priority
  /** The source has answered: what it left running reads as anybody does. */
  readonly isOver: boolean
  /** It, or a source that asks for it, has a place before this source. */
  holds(guard: SourceGuard): boolean
}

/** Its state is undefined outside of a source. */
export type LoadScope = AsyncScope<Scope>

/** What asking for a key means within the links of a chain. */
export function relationOf(links: Links | undefined, key: string): 'free' | 'beside' | 'cycle' {
  if (links === undefined || !links.chain.includes(key)) return 'free'
  return links.beside.includes(key) ? 'beside' : 'cycle'
}

const noKeys: readonly string[] = []

/** The links with one more call for these keys. */
export function linksWith(outer: Links | undefined, keys: readonly string[]): Links {
  const chain = outer === undefined ? keys : outer.chain.concat(keys)
  const isNew = (key: string) => relationOf(outer, key) === 'free'
  const before = outer?.beside.filter((key) => !keys.includes(key)) ?? noKeys
  return { chain, beside: keys.length > 1 ? before.concat(keys.filter(isNew)) : before }
}
