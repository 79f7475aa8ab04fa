/** The connection of a process to the server of a partition. */

/** What a connection has proven about its server. */
export interface Incarnation {
  /** 48 bits of run id and replication id: 8 base64url characters. */
  readonly stamp: string
  readonly runId: string
}

export interface Connected extends Incarnation {
  /** Rises with every connection; a reply counts only in the generation it was asked in. */
  readonly generation: number
  /**
   * How long before its last acknowledgement an earlier incarnation may have lost what it
   * acknowledged (PROTOCOL 13, Replay), in milliseconds. Undefined: a single server, whose
   * restart leaves nobody behind who could serve it.
   */
  readonly lostTailMs: number | undefined
  /** Its eviction policy, if by that leases and quarantines may go before values. */
  readonly unfitEviction?: string | undefined
}

export interface StoreListener {
  /** A connection to the partition's server has been opened and the server identified. */
  up(partition: number, connected: Connected): void
  /** No commands of the partition can be sent until its next `up`. */
  down(partition: number, reason: string): void
}
