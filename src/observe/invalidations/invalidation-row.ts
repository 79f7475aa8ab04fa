/** One invalidation or `set`, as people and tools see it: what an event of the cache says. */
import type { InvalidateEvent, SetEvent } from '../../core/outcome.ts'
import {
  type FamilyOfKey,
  type InvalidationScope,
  widestScope,
} from '../metrics/invalidation-scope.ts'

export interface InvalidationRow {
  /** Rises by one with each that this process has seen. */
  readonly seq: number
  readonly atMs: number
  readonly origin: string
  readonly via: 'call' | 'retry' | 'replay' | 'message'
  readonly scope: InvalidationScope | 'set'
  /** The first hundred. */
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly keyCount: number
  readonly reason: string
  readonly subject: string | undefined
  /** Undefined: another process asked, and knows. */
  readonly reached: number | undefined
  readonly pending: number
  readonly ms: number
}

/** Keys and tags that a row names; a batch may have thousands. */
export const namesShownMax = 100

/** Where and when a row stands, and whose its keys are. */
export interface RowContext extends Pick<InvalidationRow, 'seq' | 'atMs'> {
  readonly familyOf: FamilyOfKey
}

/**
 * Undefined: told already. What this process asked for comes back as its own message, and a
 * group is invalidated by one message in each partition.
 */
export function rowOf(
  event: InvalidateEvent | SetEvent,
  { seq, atMs, familyOf }: RowContext,
): InvalidationRow | undefined {
  if (event.isOwn === true) return undefined
  const { via, origin, reason, ms } = event
  if (event.kind === 'set') {
    const one = { keys: [event.key], tags: [], keyCount: 1, subject: undefined, pending: 0 }
    return { seq, atMs, origin, via, scope: 'set', ...one, reason, reached: undefined, ms }
  }
  const { keys, tags, subject, pending } = event
  const scope = widestScope(event, familyOf)
  if (scope !== 'key' && (event.partition ?? 0) !== 0) return undefined
  return {
    ...{ seq, atMs, origin, via, scope },
    keys: keys.slice(0, namesShownMax),
    tags: tags.slice(0, namesShownMax),
    keyCount: keys.length,
    ...{ reason, subject, pending: pending.length, ms },
    reached: via === 'message' ? undefined : event.reached,
  }
}

/** Characters that a row holds, about. */
export function lengthOf({ keys, tags, reason, subject = '' }: InvalidationRow): number {
  const named = [...keys, ...tags].reduce((sum, name) => sum + name.length, 0)
  return named + reason.length + subject.length
}
