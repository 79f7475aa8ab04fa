/**
 * What every process of a partition is told, how the partition numbers it, and who is asked
 * to say that it has been applied (PROTOCOL 4 and 13, Barrier).
 */

/** Who says what in messages and logs. */
export interface Announcement {
  readonly origin: string
  readonly reason: string
}

/** How the partition numbered an announcement; without numbers it proves nothing. */
export interface Counted {
  readonly epoch: string | undefined
  readonly seq: number | undefined
}

/** Who waits for the processes of a partition to have applied a message (PROTOCOL 13, Barrier). */
export interface BarrierAsk {
  readonly id: string
  /** Names the private channel that is told. */
  readonly process: string
}

/** A process that may hold entries of a partition. */
export interface Member {
  readonly process: string
  /** Its Δ, in milliseconds. */
  readonly trustMs: number
}

/** Who was registered when an announcement was executed; undefined where nobody waits. */
export interface Registered {
  /** Birth nonce of the registry; '' where that is lost. */
  readonly birth: string
  readonly members: readonly Member[]
}

/** Something that every process of a partition is told. */
export interface Told extends Announcement {
  readonly barrier: BarrierAsk | undefined
}

export interface ToldReply extends Counted {
  /** Subscribers that the message was handed to. */
  readonly receivers: number
  readonly registered: Registered | undefined
}

export interface AcknowledgeRequest {
  readonly barrier: BarrierAsk
  /** Who has applied it. */
  readonly process: string
}
