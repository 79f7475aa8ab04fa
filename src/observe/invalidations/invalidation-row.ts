/** One invalidation or `set`, as people and tools see it: what an event of the cache says. */
import type { InvalidateEvent, SetEvent } from '../../core/outcome.ts'

export interface InvalidationRow {
  /** Rises by one with each that this process has seen. */
  readonly seq: number
  readonly atMs: number
  readonly origin: string
  readonly via: 'call' | 'retry' | 'replay' | 'message'
  readonly scope: 'key' | 'group' | 'family' | 'pattern' | 'all' | 'set'
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

/**
 * Undefined: told already. What this process asked for comes back as its own message, and a
 * group is invalidated by one message in each partition.
 */
export function rowOf(
  event: InvalidateEvent | SetEvent,
  { seq, atMs }: Pick<InvalidationRow, 'seq' | 'atMs'>,
): InvalidationRow | undefined {
  if (event.isOwn === true) return undefined
  const { via, origin, reason, ms } = event
  if (event.kind === 'set') {
    const one = { keys: [event.key], tags: [], keyCount: 1, subject: undefined, pending: 0 }
    return { seq, atMs, origin, via, scope: 'set', ...one, reason, reached: undefined, ms }
  }
  const { keys, tags, subject, pending } = event
  const scope = scopeOf(event)
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

/** By the widest of what it names: keys have no signs of a pattern, ids are escaped. */
function scopeOf({ keys, tags }: InvalidateEvent): Exclude<InvalidationRow['scope'], 'set'> {
  if (keys.includes('*')) return 'all'
  if (keys.some((key) => /[*?]/.test(key))) return 'pattern'
  if (keys.some((key) => /^family:[A-Za-z][\w-]*$/.test(key))) return 'family'
  return tags.length > 0 ? 'group' : 'key'
}
