/**
 * One partition of the embedded server: its slots, its record of groups and its barrier
 * registry. A step sees it together with the one time at which the step happens.
 */
import { SlotMap } from './slot-map.ts'

/** `foreign`: a key of another type stands in its place. */
export type GroupRecord = Map<string, string> | 'foreign' | undefined

export class Partition {
  readonly slots: SlotMap
  /** Fields `#e` `#c` `#f` `#s` `#w` and the clocks of tags, as in the hash on Redis. */
  record: GroupRecord = undefined
  registry: Registry = newRegistry()

  constructor(charsMax: number) {
    this.slots = new SlotMap(charsMax)
  }

  flush(): void {
    this.slots.clear()
    this.record = undefined
    this.registry = newRegistry()
  }
}

export interface Registry {
  birth: string | undefined
  /** Member `trustMs|process` to the server ms until which it counts. */
  readonly members: Map<string, number>
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

function newRegistry(): Registry {
  return { birth: undefined, members: new Map() }
}
