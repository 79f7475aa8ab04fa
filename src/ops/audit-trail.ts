/**
 * What people have done here, and tried to do: in the log of the process, and in one capped
 * stream of all services, where it stays for thirty days.
 */
import type { Logger } from '../core/options.ts'
import { isList, listOf, textOf } from '../inspect/index.ts'
import { type OpsConnection, runAll } from '../observe/index.ts'
import type { AuditRow } from './answers.ts'

export const auditCommands: readonly string[] = ['xadd', 'xrevrange', 'pexpire']
/** At the bound the oldest goes. */
const auditRowsMax = 1_000
const keptMs = 30 * 24 * 3_600_000
const field = 'e'
/** A row names what was meant; a pattern may be twice as long. */
export const targetCharsMax = 1_024

export class AuditTrail {
  readonly #key: string
  readonly #connection: OpsConnection | undefined
  readonly #log: Logger | undefined
  /** The latest of this process, where there is no Redis to keep them. */
  readonly #rows: AuditRow[] = []

  constructor(parts: {
    readonly key: string
    readonly connection: OpsConnection | undefined
    readonly log: Logger | undefined
  }) {
    this.#key = parts.key
    this.#connection = parts.connection
    this.#log = parts.log
  }

  /** Never rejects: what is done is done, and the log has it. */
  async write(given: AuditRow): Promise<void> {
    const row = { ...given, target: given.target.slice(0, targetCharsMax) }
    this.#log?.info({ event: 'CACHE_ADMIN', ...row }, 'cache administration')
    this.#rows.unshift(row)
    this.#rows.length = Math.min(this.#rows.length, auditRowsMax)
    if (this.#connection === undefined) return
    const length = String(auditRowsMax)
    try {
      await runAll(this.#connection, [
        ['xadd', this.#key, 'maxlen', '~', length, '*', field, JSON.stringify(row)],
        ['pexpire', this.#key, String(keptMs)],
      ])
    } catch (error) {
      this.#log?.warn({ err: error }, 'an entry of the audit log is in this log alone')
    }
  }

  /** The latest first. Without Redis those of this process. */
  async read(limit: number): Promise<readonly AuditRow[]> {
    if (this.#connection === undefined) return this.#rows.slice(0, limit)
    const line = ['xrevrange', this.#key, '+', '-', 'count', String(limit)] as const
    const [reply] = await runAll(this.#connection, [line])
    return listOf(reply).flatMap((entry) => rowIn(entry) ?? [])
  }
}

/** Others write to that key too: what is none of ours is left out. */
function rowIn(entry: unknown): AuditRow | undefined {
  const [, pairs] = isList(entry) ? entry : []
  const [name, text] = listOf(pairs)
  if (textOf(name) !== field) return undefined
  try {
    const row: unknown = JSON.parse(textOf(text) ?? '')
    return isAuditRow(row) ? row : undefined
  } catch {
    return undefined
  }
}

function isAuditRow(row: unknown): row is AuditRow {
  if (typeof row !== 'object' || row === null) return false
  return 'atMs' in row && 'user' in row && 'action' in row && 'result' in row && 'target' in row
}
