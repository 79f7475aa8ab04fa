/** Which node holds which partition: one for all, or the primaries of a cluster. */
import type { Commander } from './commander.ts'

export interface Nodes {
  /** The node to which commands of a partition go. */
  of(partition: number): Commander
  /** Each node that holds a partition, once. */
  all(): readonly Commander[]
  /**
   * A text that stays the same as long as no partition goes to another node. Rejects with
   * a `StoreFault` while one is on its way, or a node can't be asked. Undefined: there is
   * one node, which nothing can leave.
   */
  readonly standing: (() => Promise<string>) | undefined
}

export function oneNode(commander: Commander): Nodes {
  return { of: () => commander, all: () => [commander], standing: undefined }
}
