/** The right to fill slots, or what stands in the way of it; see `redis/scripts/lease.ts`. */
import type {
  LeaseAsk,
  LeaseReply,
  LeaseRequest,
  LeaseVerdict,
  Replaced,
} from '../../core/contracts/store.ts'
import { formatLease } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import {
  floorOf,
  type Groups,
  groupsOf,
  isValid,
  type Met,
  meet,
  put,
  recreate,
  runs,
  ttlMs,
} from '../rules.ts'

interface Asked extends LeaseAsk {
  readonly stamp: string
  readonly groups: Groups
  readonly leaseMs: number
}

const OTHER_VERSION_MS = 10_000

export function lease(step: Step, request: LeaseRequest): LeaseReply {
  const { stamp, newEpoch, leaseMs, asks } = request
  const groups = groupsOf(step) ?? recreate(step, newEpoch)
  const verdicts = asks.map((ask) => {
    const slot = meet(step, ask.key)
    const asked = { ...ask, stamp, groups, leaseMs }
    return (slot && obstacle(step, slot, asked)) ?? grant(step, slot, asked)
  })
  return { epoch: groups.epoch, clock: groups.clock, serverMs: step.nowMs, verdicts }
}

function obstacle(step: Step, slot: Met, asked: Asked): LeaseVerdict | undefined {
  const { key, schema, voidFid } = asked
  if (slot.kind === 'unknownWire') return { kind: 'unknownWire' }
  if (slot.kind === 'quarantine') return { kind: 'quarantined' }
  if (slot.kind === 'lease' && runs(step, slot, asked)) {
    return { kind: slot.schema === schema ? 'busy' : 'otherVersion' }
  }
  if (slot.kind !== 'value' || slot.fid === voidFid || !isValid(step, slot, asked)) return undefined
  if (slot.schema === schema) {
    return { kind: 'value', text: step.partition.slots.cell(key, step.nowMs)?.text ?? '' }
  }
  return step.nowMs - slot.bornMs <= OTHER_VERSION_MS ? { kind: 'otherVersion' } : undefined
}

function replacedOf(slot: Met | undefined): Replaced {
  if (slot?.kind === 'value') return 'void'
  return slot?.kind === 'foreign' ? 'foreign' : 'nothing'
}

/** Over a floor the slot lives as long as the floor would have. */
function grant(step: Step, slot: Met | undefined, asked: Asked): LeaseVerdict {
  const { key, token, schema, stamp, groups, leaseMs } = asked
  const minimum = floorOf(slot)
  const lifeMs = minimum === '' ? leaseMs : Math.max(leaseMs, ttlMs(step, key))
  const deadlineMs = step.nowMs + leaseMs
  const text = formatLease({ stamp, epoch: groups.epoch, token, schema, minimum, deadlineMs })
  put(step, key, { text, lifeMs })
  return { kind: 'granted', minimum, replaced: replacedOf(slot) }
}
