/**
 * What gives a stale read away (SPEC B6), free of false alarms by PROTOCOL 2 to 4. A slot with
 * another value than memory proves nothing by itself: a refresh replaces values without telling
 * anybody, and Redis evicts what it likes. Proof is only what comes with a message that every
 * memory must have heard Δ later, or a slot that goes back in time.
 */
import type { Entry } from '../core/entry.ts'
import type { Slot, ValueSlot } from '../core/slot.ts'
import type { StaleEvidence } from '../core/stale-read.ts'
import type { Sighting } from './sightings.ts'

/**
 * A value must be older by more than this: so much may births that this process reckons on its
 * own clock be wrong, and so much may the clock of a server step unnoticed.
 */
export const birthMarginMs = 500

type Held = Pick<Entry, 'clock' | 'tags' | 'order'>

/**
 * Why an entry of memory may no longer be served, Δ after this was read; undefined: no reason
 * is known. Quarantines and floors are announced, and so is every clock of a tag. The floor of
 * clocks is not: it also rises when tags are forgotten.
 */
export function memoryEvidence(
  held: Held,
  slot: Slot | undefined,
  tagClock: (tag: string) => number | undefined,
): StaleEvidence | undefined {
  if (held.tags.some((tag) => (tagClock(tag) ?? 0) > held.clock)) return 'group'
  if (slot?.kind === 'quarantine') return 'quarantined'
  if (slot?.kind === 'floor' && held.order < slot.order) return 'floor'
  return undefined
}

/**
 * Why a valid value should not be in its slot; undefined: it may be. An invalidation may keep
 * a value of a high order where it is, so those with orders are not judged by invalidations.
 */
export function slotEvidence(
  { bornMs, order }: Pick<ValueSlot, 'bornMs' | 'order'>,
  { version, invalidatedMs }: Sighting,
): StaleEvidence | undefined {
  const latestMs = bornMs + birthMarginMs
  if (order === '' && latestMs < invalidatedMs) return 'invalidated'
  if (version === undefined) return undefined
  if (order < version.order) return 'order'
  return latestMs < version.bornMs ? 'birth' : undefined
}
