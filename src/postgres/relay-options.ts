/** Options of a relay, checked once. */
import type { Duration } from '../base/duration.ts'
import {
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  isFields,
} from '../core/option-checks.ts'
import type { RelayEvent } from './relay-status.ts'

export interface RelayOptions {
  /**
   * A direct address of the database as URL, or the configuration of a `pg.Client`. Behind a
   * transaction pooler neither locks nor LISTEN last: refused with `SP_POOLED_CONNECTION`.
   */
  readonly connection: string | object
  /** `outbox` (default): what `installOutbox` records. `replication`: the log of the server. */
  readonly via?: 'outbox' | 'replication'
  /** Of the outbox; also the name of publication and slot. Default `staleproof`. */
  readonly schema?: string
  /**
   * How often is looked, whatever notifications say. Default 1 s for the outbox, 200 ms for
   * replication, which has none.
   */
  readonly poll?: Duration
  /** With more changes waiting, the families of their tables are cleared. Default 10,000. */
  readonly maxRows?: number
  /** Told what happens, after the fact; one that throws is counted, and stops nothing. */
  readonly onEvent?: (event: RelayEvent) => void
}

export interface ResolvedRelay {
  readonly connection: string | object
  readonly via: 'outbox' | 'replication'
  readonly schema: string
  readonly pollMs: number
  readonly rowsMax: number
  readonly onEvent: (event: RelayEvent) => void
}

const WHERE = 'startRelay'
const KNOWN = ['connection', 'via', 'schema', 'poll', 'maxRows', 'onEvent']
/** It is the name of a channel, a publication and, with a suffix, of a slot as well. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,39}$/
const POLL_RANGE_MS = { min: 10, max: 60_000 }
const ROWS_RANGE = { min: 1, max: 1_000_000 }
const POLL_MS = { outbox: 1_000, replication: 200 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveRelay(options: unknown): ResolvedRelay {
  const fields = fieldsOf(WHERE, options, KNOWN)
  const { connection } = fields
  if (typeof connection !== 'string' && !isFields(connection)) {
    throw invalid(WHERE, 'connection', 'a URL or the configuration of a pg.Client', connection)
  }
  const via = viaIn(fields)
  const onEvent = functionIn(WHERE, fields, 'onEvent')
  return Object.freeze({
    connection,
    via,
    schema: schemaIn(WHERE, fields),
    pollMs: durationIn(WHERE, fields, 'poll', POLL_RANGE_MS) ?? POLL_MS[via],
    rowsMax: integerIn(WHERE, fields, 'maxRows', ROWS_RANGE) ?? 10_000,
    onEvent: (event: RelayEvent) => onEvent?.(event),
  })
}

/** The name of the schema. Throws `SP_OPTION_INVALID`. */
export function schemaIn(where: string, fields: Fields): string {
  const { schema = 'staleproof' } = fields
  if (typeof schema === 'string' && SCHEMA.test(schema)) return schema
  const expected = 'up to 40 lower-case letters, digits and underscores, no digit first'
  throw invalid(where, 'schema', expected, schema)
}

function viaIn({ via = 'outbox' }: Fields): 'outbox' | 'replication' {
  if (via === 'outbox' || via === 'replication') return via
  throw invalid(WHERE, 'via', "'outbox' or 'replication'", via)
}
