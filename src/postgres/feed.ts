/** Where changes come from: the outbox, or the log of the server. */
import type { Change } from './change.ts'
import type { RelayLag } from './relay-status.ts'
import type { Session } from './session.ts'
import type { SqlClient } from './sql-client.ts'

/** What a relay does in a round. */
export interface RoundSteps {
  /** Told before anything is delivered, so that it is known also while that fails. */
  measured(lag: RelayLag): void
  /** Resolves once all is invalidated; only then the changes are removed. */
  deliver(changes: readonly Change[]): Promise<void>
}

export interface Feed {
  /** Two relays with the same name never work at the same time. */
  readonly lockName: string
  /** Can it work at all? Throws a `StaleproofError` if somebody has to act. */
  check(client: SqlClient): Promise<void>
  /** Once this session is elected: finds its place, or learns that it is lost. */
  open(session: Session): Promise<void>
  /** True: more is waiting, so there is no pause before the next round. */
  round(session: Session, steps: RoundSteps): Promise<boolean>
}
