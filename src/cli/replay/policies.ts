/**
 * The policies that a trace is replayed against. Every access is a read that fills on a
 * miss, and each policy says whether it hit.
 *
 * `own` is the memory of `openCache` itself. `lru` is the plain rule that most caches follow.
 * `opt` knows the future (Belady): it keeps what is read soonest, and does not admit what is
 * read later than everything it holds. Nobody can reach it; it shows what is left to gain.
 */
import type { AccessObserver } from '../../core/contracts/memory.ts'
import type { Entry } from '../../core/entry.ts'
import { AdaptiveMemory } from '../../memory/index.ts'
import { neverAgain, nextUsesOf } from './next-use.ts'
import { PositionSet } from './position-set.ts'
import type { Trace } from './trace.ts'

export const policies = ['lru', 'own', 'opt'] as const
export type Policy = (typeof policies)[number]

/** Reads the access at a position; true: it was held. Positions come in order. */
export type Replay = (at: number) => boolean

export function replayOf(policy: Policy, trace: Trace, capacity: number): Replay {
  switch (policy) {
    case 'lru':
      return lru(trace, capacity)
    case 'own':
      return own(trace, capacity)
    case 'opt':
      return optimum(trace, capacity)
  }
}

function lru({ keys }: Trace, capacity: number): Replay {
  /** In the order of their last read. */
  const held = new Set<number>()
  // One for all: a new one would pass over everything that was deleted before.
  const oldestFirst = held.values()
  return (at) => {
    const key = keys[at] ?? 0
    const isHit = held.delete(key)
    held.add(key)
    if (held.size > capacity) held.delete(oldestFirst.next().value ?? 0)
    return isHit
  }
}

function own(trace: Trace, capacity: number): Replay {
  return ownOf(trace, capacity, undefined)
}

/** The memory of `openCache`, bounded by entries alone, and whoever watches how it is used. */
export function ownOf(
  { keys }: Trace,
  capacity: number,
  observer: AccessObserver | undefined,
): Replay {
  const region = new AdaptiveMemory({ bytesMax, entriesMax: capacity }).region('trace')
  region.observe(observer)
  return (at) => {
    const key = keys[at] ?? 0
    const slot = region.find(key)
    if (slot === -1) region.put(key, entry, 0)
    else region.touch(slot)
    return slot !== -1
  }
}

export const bytesMax: number = Number.MAX_SAFE_INTEGER

/** What is held of every key: nothing but that it is held. */
export const entry: Entry = {
  partition: 0,
  value: undefined,
  fid: '',
  clock: 0,
  tags: [],
  order: '',
  bornMs: 0,
  untilMs: Number.MAX_SAFE_INTEGER,
  staleUntilMs: Number.MAX_SAFE_INTEGER,
  generation: 1,
}

/** What is held is known by the position of its next read. */
function optimum(trace: Trace, capacity: number): Replay {
  const nextUses = nextUsesOf(trace)
  const held = new PositionSet(trace.keys.length)
  return (at) => {
    const isHit = held.has(at)
    if (isHit) held.remove(at)
    const next = nextUses[at] ?? neverAgain
    if (next === neverAgain) return isHit
    if (held.size === capacity) {
      const latest = held.largest()
      if (latest < next) return isHit
      held.remove(latest)
    }
    held.add(next)
    return isHit
  }
}
