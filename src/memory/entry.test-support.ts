/** Entries of a known size. */
import type { Entry } from '../core/entry.ts'
import { entryOverheadBytes } from './entry-scale.ts'

/** What a text takes besides its characters. */
const textBytes = 16

/** A value whose entry takes so many bytes under an id that is a number; whole words. */
export function textOf(entryBytes: number): string {
  return 'x'.repeat(entryBytes - entryOverheadBytes - textBytes)
}

/** The inverse, for values that `textOf` has made. */
export function sizeOf(value: unknown): number {
  const length = typeof value === 'string' ? value.length : 0
  return entryOverheadBytes + textBytes + length
}

/** Of the family `users`, fresh for long. */
export function entryOf(parts: Partial<Entry> = {}): Entry {
  const untilMs = parts.untilMs ?? 1_000_000
  return {
    partition: 0,
    value: 'value of some length',
    fid: 'AAAAAAAAAAAAAAAA',
    clock: 0,
    tags: ['_users'],
    order: '',
    bornMs: 0,
    untilMs,
    staleUntilMs: untilMs,
    generation: 1,
    ...parts,
  }
}
