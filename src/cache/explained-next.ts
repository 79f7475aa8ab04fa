/** Where a `get` would be answered now, and why there: what `explain` says first. */
import type { Explanation, SlotExplanation, VoidReason } from '../core/explanation.ts'
import type { Life, Phase } from '../core/life.ts'
import type { StaleReason } from '../core/outcome.ts'

type Facts = Pick<
  Explanation,
  'memory' | 'redis' | 'pending' | 'policy' | 'isLoading' | 'partition'
>
/** How the family treats what is past its TTL. */
interface Aging {
  readonly phaseOf: (life: Life, ageMs: number) => Phase
  /** Why its key is not loaded now, if so. */
  readonly pause: StaleReason | undefined
}
type Next = Pick<Explanation, 'next' | 'nextBecause'>

const voidWords: Readonly<Record<VoidReason, string>> = {
  otherIncarnation: 'it was stored on another server, or before the server restarted',
  otherEpoch: 'the record of groups was lost since it was stored',
  belowFloor: 'everything of its time was cleared',
  bornInFuture: 'it was born in the future: the clock of the server has stepped back',
  lifeOver: 'its life is over',
  otherVersion: 'it was written by another version of the family',
  tagInvalidated: 'a tag that it carries was invalidated after it was loaded',
}

export function explainedNext(
  { memory, redis, pending, policy, isLoading }: Facts,
  { phaseOf, pause }: Aging,
): Next {
  if (memory.isHeld && memory.notServedBecause === undefined) {
    return { next: 'memory', nextBecause: 'memory holds a fresh, trusted value' }
  }
  if (memory.isHeld && memory.notServedBecause === 'expired') {
    const { ageMs, freshLeftMs, staleLeftMs } = memory
    const life = { softMs: ageMs + freshLeftMs, lifeMs: ageMs + staleLeftMs }
    if (isServedOld(phaseOf(life, ageMs))) return old('memory holds')
  }
  if (pending.length > 0) return loaded('an invalidation of it is still to be delivered')
  if (!redis.isRead) return loaded(`Redis is not asked: ${redis.because}`)
  const { slot } = redis
  if (slot.kind === 'value' && slot.isValid) {
    const { ageMs, softLeftMs, lifeLeftMs } = slot
    const phase = phaseOf({ softMs: ageMs + softLeftMs, lifeMs: ageMs + lifeLeftMs }, ageMs)
    if (phase === 'fresh') return { next: 'redis', nextBecause: 'its slot holds a valid value' }
    if (isServedOld(phase)) return old('its slot holds')
  }
  return loaded(missed(slot))

  function isServedOld(phase: Phase): boolean {
    return phase === 'stale' || (phase === 'grace' && pause !== undefined)
  }

  function old(holder: string): Next {
    const instead = pause === undefined ? 'while it is loaded anew' : `instead of a load: ${pause}`
    return { next: 'stale', nextBecause: `${holder} a value past its TTL, served ${instead}` }
  }

  function loaded(because: string): Next {
    if (isLoading) return { next: 'source', nextBecause: `${because}; a load is under way` }
    if (policy.hasSource) return { next: 'source', nextBecause: because }
    return { next: 'source', nextBecause: `${because}; this process has no source, so it fails` }
  }
}

function missed(slot: SlotExplanation): string {
  switch (slot.kind) {
    case 'absent':
      return 'its slot is empty'
    case 'value':
      return slot.isValid
        ? 'the value in its slot is past its TTL'
        : `the value in its slot is void: ${reasonsIn(slot.voidBecause)}`
    case 'lease':
      return slot.isStampCurrent
        ? 'another load of it is under way, and is waited for'
        : 'its slot holds a lease that is void'
    case 'quarantine':
      return 'a write of it is under way: what is loaded meanwhile is stored nowhere'
    case 'floor':
      return 'its slot holds no value, only the lowest order that may be stored'
    case 'unknownWire':
      return 'its slot was written by another version of this library'
    case 'damaged':
      return 'its slot holds nothing of this library'
  }
}

function reasonsIn(reasons: readonly VoidReason[]): string {
  return reasons.map((reason) => voidWords[reason]).join(', ')
}
