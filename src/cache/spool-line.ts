/** Pending invalidations as lines of a spool: JSON, read back with care. */
import type { JournalRecord, Wish } from '../coherence/index.ts'
import type { InvalidateAsk, Settle } from '../core/contracts/store.ts'

export function formatSpoolLine(record: JournalRecord): string {
  return JSON.stringify(record)
}

/** Undefined: the line is damaged. */
export function parseSpoolLine(line: string): JournalRecord | undefined {
  const { partition, pattern, wish, reason, sinceMs } = fieldsOf(parsed(line))
  if (typeof reason !== 'string' || typeof sinceMs !== 'number') return undefined
  if (typeof pattern === 'string') return { pattern, reason, sinceMs }
  const known = wishOf(fieldsOf(wish))
  if (known === undefined || typeof partition !== 'number') return undefined
  return { wish: known, partition, reason, sinceMs, via: 'retry' }
}

type Unknowns = Readonly<Record<string, unknown>>

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Not JSON: to the caller it is a damaged line like any other.
    return undefined
  }
}

function fieldsOf(value: unknown): Unknowns {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function wishOf({ kind, tag, ask }: Unknowns): Wish | undefined {
  if (kind === 'floor') return { kind }
  if (kind === 'tag') return typeof tag === 'string' ? { kind, tag } : undefined
  const known = readAsk(fieldsOf(ask))
  return kind === 'key' && known !== undefined ? { kind, ask: known } : undefined
}

function readAsk(fields: Unknowns): InvalidateAsk | undefined {
  const { key, order, keepsOrder, floorMs, ...rest } = fields
  const [tokens, settle] = [tokensOf(rest.tokens), settleOf(fieldsOf(rest.settle))]
  if (typeof key !== 'string' || typeof order !== 'string' || tokens === undefined) return undefined
  if (typeof keepsOrder !== 'boolean' || typeof floorMs !== 'number') return undefined
  return { key, order, keepsOrder, floorMs, tokens, settle }
}

function tokensOf(tokens: unknown): readonly string[] | undefined {
  const isGood = Array.isArray(tokens) && tokens.every((token) => typeof token === 'string')
  return isGood ? tokens : undefined
}

function settleOf({ token, ms }: Unknowns): Settle | undefined {
  return typeof token === 'string' && typeof ms === 'number' ? { token, ms } : undefined
}
