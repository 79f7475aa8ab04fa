/** What should be larger or smaller than it is, and why (SPEC F7). */
export interface Recommendation {
  readonly subject: 'l1' | 'redisMemory' | 'replicas'
  /** Undefined: it concerns the server of all. */
  readonly service: string | undefined
  readonly now: number
  readonly advised: number
  readonly unit: 'bytes' | 'instances'
  readonly why: string
  /**
   * What it follows from. `l1`: hit ratio by bytes. `redisMemory`: bytes by hours from now, those
   * to come among them. `replicas`: the share of a core that each uses, by instances.
   */
  readonly curve: readonly CurvePoint[]
}

export interface CurvePoint {
  readonly x: number
  readonly y: number
}
