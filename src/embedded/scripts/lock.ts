/** Locks by name; see `redis/scripts/lock.ts`. */
import type { LockReply, LockRequest } from '../../core/contracts/store.ts'
import { formatClock } from '../../core/slot.ts'
import type { Step } from '../partition.ts'

export function lock(step: Step, { name, token, ttlMs }: LockRequest): LockReply {
  const { nowMs, partition } = step
  const held = heldBy(step, name)
  if (held !== undefined && held.token !== token) {
    return { kind: 'taken', leftMs: Math.max(0, partition.locks.ttlMs(name, nowMs)) }
  }
  const fence = held?.fence ?? nextFence(step)
  partition.locks.put(name, `${token}|${formatClock(fence)}`, { lifeMs: ttlMs, nowMs })
  return { kind: 'granted', fence }
}

export function unlock(step: Step, { name, token }: Pick<LockRequest, 'name' | 'token'>): boolean {
  return heldBy(step, name)?.token === token && step.partition.locks.drop(name)
}

function heldBy(step: Step, name: string): { token: string; fence: number } | undefined {
  const text = step.partition.locks.cell(name, step.nowMs)?.text
  if (text === undefined) return undefined
  const [token = '', fence] = text.split('|')
  return { token, fence: Number(fence) }
}

/** A record that isn't ours is no record. */
function nextFence({ partition, nowMicros }: Step): number {
  if (partition.record === undefined || partition.record === 'foreign') partition.record = new Map()
  const last = partition.record.get('#l') ?? ''
  const fence = Math.max(nowMicros, (/^\d{1,16}$/.test(last) ? Number(last) : 0) + 1)
  partition.record.set('#l', formatClock(fence))
  return fence
}
