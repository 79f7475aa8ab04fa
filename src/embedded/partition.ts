/**
 * One partition of the embedded server: its slots, its record of groups and its barrier
 * registry. A step sees it together with the one time at which the step happens.
 */
import type { Member } from '../core/contracts/store.ts'
import { SlotMap } from './slot-map.ts'

/** Characters of all locks of a partition together, some thousands of them; of buckets too. */
const namesCharsMax = 1024 * 1024

/** `foreign`: a key of another type stands in its place. */
export type GroupRecord = Map<string, string> | 'foreign' | undefined

export class Partition {
  readonly slots: SlotMap
  /** Fields `#e` `#c` `#f` `#s` `#w` `#l` and the clocks of tags, as in the hash on Redis. */
  record: GroupRecord = undefined
  registry: Registry = newRegistry()
  /** By name, `token|fence`. */
  readonly locks: SlotMap
  /** By name, when it is full. */
  readonly buckets: SlotMap

  constructor(
    slots: SlotMap,
    locks: SlotMap = new SlotMap(namesCharsMax),
    buckets: SlotMap = new SlotMap(namesCharsMax),
  ) {
    this.slots = slots
    this.locks = locks
    this.buckets = buckets
  }

  copy(): Partition {
    const partition = new Partition(this.slots.copy(), this.locks.copy(), this.buckets.copy())
    const { record, registry } = this
    partition.record = record instanceof Map ? new Map(record) : record
    partition.registry = { birth: registry.birth, members: new Map(registry.members) }
    return partition
  }

  flush(): void {
    this.slots.clear()
    this.locks.clear()
    this.buckets.clear()
    this.record = undefined
    this.registry = newRegistry()
  }
}

export interface Registry {
  birth: string | undefined
  /** By `trustMs|process`. */
  readonly members: Map<string, Registration>
}

export interface Registration {
  readonly member: Member
  /** Server ms. */
  readonly untilMs: number
}

/** What one step works on. */
export interface Step {
  readonly partition: Partition
  readonly nowMicros: number
  /** With fractions. */
  readonly nowMs: number
  /** Tells all subscribers; their number. */
  publish(text: string): number
}

export function newRegistry(): Registry {
  return { birth: undefined, members: new Map() }
}
