/** What a slot means and whether it may be served, from what Redis shows alone: pure. */
import { explainedSlot } from '../../coherence/index.ts'
import type { RedisExplanation } from '../../core/explanation.ts'
import type { OneSlot } from './one-slot.ts'

/** `versions`: that live processes declare; empty: nobody says. */
export function redisExplanation(one: OneSlot, versions: readonly string[]): RedisExplanation {
  const { slot = 'absent', serverMs, epoch, floor } = one
  const own = typeof slot !== 'string' && slot.kind === 'value' ? slot : undefined
  const isDeclared = own === undefined || versions.length === 0 || versions.includes(own.schema)
  const schema = (isDeclared ? own?.schema : versions[0]) ?? ''
  const stamp = one.stamp ?? (typeof slot !== 'string' && 'stamp' in slot ? slot.stamp : '')
  const tagClock = (tag: string) => one.tagClocks.get(tag)
  return explainedSlot({ slot, around: { stamp, epoch, floor, serverMs, schema, tagClock } })
}
