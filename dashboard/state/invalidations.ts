/**
 * The invalidations that this page knows, newest first. Each has a number that rises by one, so
 * that what is missing can be counted, and is.
 */
import { computed, signal } from '@preact/signals'
import type { InvalidationRow, InvalidationsAnswer } from 'staleproof/ops'

/** Older ones are forgotten here; the page says so. */
export const keptMax = 500

export const invalidations = signal<readonly InvalidationRow[]>([])
/** That this page had once, whether or not it still keeps them. */
export const seenHere = signal(0)
const firstSeq = signal<number | undefined>(undefined)

/** That happened while this page looked away, or was too slow, and that nobody kept for it. */
export const missed = computed(() => {
  const newest = invalidations.value[0]
  if (newest === undefined || firstSeq.value === undefined) return 0
  return newest.seq - firstSeq.value + 1 - seenHere.value
})

export function addInvalidations(rows: readonly InvalidationRow[]): void {
  const held = invalidations.peek()
  const known = new Set(held.map(({ seq }) => seq))
  // What is older than all that is kept was here before, and has been forgotten since.
  const oldest = held.length < keptMax ? undefined : held.at(-1)?.seq
  const fresh = rows.filter(({ seq }) => !known.has(seq) && seq >= (oldest ?? seq))
  if (fresh.length === 0) return
  const all = [...fresh, ...held].sort((a, b) => b.seq - a.seq)
  firstSeq.value = Math.min(firstSeq.peek() ?? Number.POSITIVE_INFINITY, all.at(-1)?.seq ?? 0)
  seenHere.value += fresh.length
  invalidations.value = all.slice(0, keptMax)
}

export function newestSeq(): number {
  return invalidations.peek()[0]?.seq ?? 0
}

/** What the service has kept fills the gaps; `askedAt` is the newest when it was asked. */
export function addKept({ invalidations: rows, seen }: InvalidationsAnswer, askedAt: number): void {
  // A service that has seen fewer has begun anew: its numbers have nothing to do with ours.
  if (seen < askedAt) forgetInvalidations()
  addInvalidations(rows)
}

export function forgetInvalidations(): void {
  invalidations.value = []
  seenHere.value = 0
  firstSeq.value = undefined
}
