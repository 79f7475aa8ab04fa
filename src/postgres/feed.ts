/** Where changes come from: the outbox, or the log of the server. */
import type { Change } from './change.ts'
import type { RelayLag } from './relay-status.ts'
import type { Session } from './session.ts'
import type { SqlClient } from './sql-client.ts'

export interface Round {
  readonly lag: RelayLag
  /** More is waiting: no pause before the next round. */
  readonly hasMore: boolean
}

export interface Feed {
  /** Two relays with the same name never work at the same time. */
  readonly lockName: string
  /** Can it work at all? Throws a `StaleproofError` if somebody has to act. */
  check(client: SqlClient): Promise<void>
  /** Once this session is elected: finds its place, or learns that it is lost. */
  open(session: Session): Promise<void>
  /** `deliver` resolves once all is invalidated; only then the changes are removed. */
  round(session: Session, deliver: (changes: readonly Change[]) => Promise<void>): Promise<Round>
}
