/** A value with an order, from a writer; see `redis/scripts/set.ts`. */
import type { SetReply, SetRequest } from '../../core/contracts/store.ts'
import {
  formatClock,
  formatFloor,
  formatLease,
  formatQuarantine,
  type ValueSlot,
} from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import {
  announce,
  drop,
  floorOf,
  groupsOf,
  higher,
  isValid,
  type Judge,
  type Met,
  meet,
  newestOf,
  put,
  recreate,
  rewrite,
  runs,
} from '../rules.ts'

const UNCOUNTED = { epoch: undefined, seq: undefined }

export function set(step: Step, request: SetRequest, database: number): SetReply {
  const { stamp, newEpoch, key, order, mayFillEmpty } = request
  const found = groupsOf(step)
  const groups = found ?? (mayFillEmpty ? recreate(step, newEpoch) : undefined)
  const why = setSlot(step, { ...request, judge: { stamp, groups } })
  if (why === 'again') return { why: 'stored', counted: UNCOUNTED }
  // Told also where the slot is as new: a refresh may have stored it, which tells nobody.
  const telling = { kind: 'set', key, order } as const
  const { epoch, seq } = announce(step, { ...request, barrier: undefined }, { telling, database })
  return { why, counted: { epoch, seq } }
}

interface Setting extends SetRequest {
  readonly judge: Judge
}

function setSlot(step: Step, setting: Setting): SetReply['why'] | 'again' {
  const { key, order, judge } = setting
  const slot = meet(step, key)
  switch (slot?.kind) {
    case 'unknownWire':
      return 'notHeld'
    case 'quarantine':
      rewrite(step, key, formatQuarantine({ ...slot, flagged: true }))
      return 'quarantined'
    case 'lease':
      if (!runs(step, slot, judge)) return setEmpty(step, slot, setting)
      rewrite(step, key, formatLease({ ...slot, minimum: higher(slot.minimum, order) }))
      return 'notHeld'
    case 'value':
      if (isValid(step, slot, judge)) return setValue(step, slot, setting)
      // One born in the future is void only until the server's clock has caught up with it.
      drop(step, key)
      return setEmpty(step, undefined, setting)
    default:
      return setEmpty(step, slot, setting)
  }
}

/** Cases 1 to 3. */
function setValue(step: Step, slot: ValueSlot, setting: Setting): SetReply['why'] | 'again' {
  const { key, fid, order, schema, tags } = setting
  if (slot.schema === schema && slot.order !== '') {
    if (order <= slot.order) return slot.fid === fid && slot.order === order ? 'again' : 'older'
    if (newestOf(step, tags) <= slot.clock) return store(step, slot.clock, setting)
  }
  drop(step, key)
  return setEmpty(step, undefined, setting)
}

/** Cases 6 and 7. An empty slot proves nothing about invalidations. */
function setEmpty(step: Step, slot: Met | undefined, setting: Setting): SetReply['why'] {
  const { key, stamp, order, mayFillEmpty, judge } = setting
  const held = floorOf(slot)
  if (mayFillEmpty && judge.groups !== undefined && held < order) {
    return store(step, judge.groups.clock, setting)
  }
  if (held !== '' && held < order) rewrite(step, key, formatFloor({ stamp, order }))
  return 'notHeld'
}

function store(step: Step, clock: number, setting: Setting): 'stored' {
  const { key, stamp, fid, order, schema, lifeMs, tail, judge } = setting
  const epoch = judge.groups?.epoch ?? ''
  const born = String(Math.floor(step.nowMs)).padStart(13, '0')
  const identity = `V|1|${stamp}|${epoch}|${formatClock(clock)}|${fid}|${order}|${schema}`
  put(step, key, { text: `${identity}|${born}|${tail}`, lifeMs })
  return 'stored'
}
