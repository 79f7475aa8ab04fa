/**
 * What happened inside the caches of a run: proof that the faults reached what they were
 * meant to reach. A run in which nothing was doomed has shown nothing about dooming.
 */
import type { CacheEvent } from '../../core/outcome.ts'

/** Counted from what caches tell their observers. */
export const tallied = [
  'memoryHits',
  'loads',
  'joined',
  'dooms',
  'refusedStores',
  'trustLosses',
  'revalidations',
  'replays',
  'retries',
  'pending',
  'incarnations',
  'takenOver',
  'quarantined',
  'faults',
] as const
export type Tallied = (typeof tallied)[number]
export type Tally = Readonly<Record<Tallied, number>>

const refusals: ReadonlySet<string> = new Set(['gone', 'group', 'older', 'late'])

export function emptyTally(): Record<Tallied, number> {
  return { ...zero }
}

const zero: Tally = Object.freeze({
  memoryHits: 0,
  loads: 0,
  joined: 0,
  dooms: 0,
  refusedStores: 0,
  trustLosses: 0,
  revalidations: 0,
  replays: 0,
  retries: 0,
  pending: 0,
  incarnations: 0,
  takenOver: 0,
  quarantined: 0,
  faults: 0,
})

export function count(tally: Record<Tallied, number>, event: CacheEvent): void {
  switch (event.kind) {
    case 'read':
      if (event.outcome.from === 'memory') tally.memoryHits++
      if (event.outcome.from === 'joined') tally.joined++
      if (event.outcome.why === 'revalidated') tally.revalidations++
      if (event.outcome.why === 'leaseExpired') tally.takenOver++
      if (event.outcome.why === 'quarantined') tally.quarantined++
      return
    case 'load':
      tally.loads += event.stored.length
      for (const result of event.stored) {
        if (result === 'doomed') tally.dooms++
        if (refusals.has(result)) tally.refusedStores++
      }
      return
    case 'trust':
      if (!event.held) tally.trustLosses++
      return
    case 'invalidate':
      if (event.via === 'replay') tally.replays++
      if (event.via === 'retry') tally.retries++
      if (event.via === 'call' && event.pending.length > 0) tally.pending++
      return
    case 'incarnation':
      tally.incarnations++
      return
    case 'fault':
      tally.faults++
      return
    default:
  }
}

export function addTally(tally: Record<Tallied, number>, more: Tally): void {
  for (const name of tallied) tally[name] += more[name]
}
