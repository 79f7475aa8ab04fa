/** Keys and invalidations as they are shown: of sensitive families without their ids. */
import { checkPattern } from '../core/glob.ts'
import type { InvalidationRow, KeyRow } from './answers.ts'
import type { KeyBook } from './key-book.ts'
import type { FoundKey } from './key-index.ts'
import type { OpsCache } from './platform.ts'

/** Throws `SP_PATTERN_INVALID`. */
export function listedPattern(pattern: string | null): string {
  return pattern === null || pattern === '' || pattern === '*' ? '*' : checkPattern(pattern)
}

export function keyRows(
  found: readonly FoundKey[],
  { keys, cache }: { readonly keys: KeyBook; readonly cache: Pick<OpsCache, 'family'> },
): KeyRow[] {
  return found.map(({ text, ttlMs, bytes, kind }) => {
    const key = keys.read(text)
    const isInMemory = key !== undefined && cache.family(key.family).holds(key.id)
    return { key: keys.shown(text), family: key?.family, ttlMs, bytes, kind, isInMemory }
  })
}

export function shownRow(row: InvalidationRow, keys: KeyBook): InvalidationRow {
  return {
    ...row,
    keys: row.keys.map((key) =>
      row.scope === 'pattern' ? keys.shownPattern(key) : keys.shown(key),
    ),
    tags: row.tags.map((tag) => keys.shownTag(tag)),
  }
}
