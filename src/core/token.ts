/**
 * The text of a receipt token: where an invalidation stands in the order of each
 * partition that it touched (PROTOCOL 3.2, "after"). It passes through headers and
 * cookies, so it comes back as untrusted input and is read strictly.
 *
 * Form: `1.partition~stamp~epoch~seq.…` with base-36 numbers. What is unknown is empty;
 * an invalidation that Redis has not executed yet ends in `~p`.
 */
import { describe } from './describe.ts'
import { StaleproofError } from './errors.ts'

export interface TokenPart {
  readonly partition: number
  /** Incarnation that its connection had proven. */
  readonly stamp: string | undefined
  readonly epoch: string | undefined
  readonly seq: number | undefined
  /** Not executed yet: nothing can prove to have seen it. */
  readonly pending: boolean
}

/** Longest token; a header of this length passes every usual proxy. */
export const TOKEN_LENGTH_MAX = 4_096

const FORM = '1'
const PART = /^(0|[1-9a-z][0-9a-z]{0,3})~([\w-]{8})?~([\w-]{8})?~(0|[1-9a-z][0-9a-z]{0,10})?(~p)?$/

/** Parts in any order, one for each partition. */
export function formatToken(parts: readonly TokenPart[]): string {
  const sorted = [...parts].sort((left, right) => left.partition - right.partition)
  return [FORM, ...sorted.map(formatPart)].join('.')
}

/** Sorted by partition. Throws `SP_TOKEN_INVALID`. */
export function parseToken(text: unknown): readonly TokenPart[] {
  if (typeof text !== 'string' || text.length > TOKEN_LENGTH_MAX) throw invalidToken(text)
  const [form, ...pieces] = text.split('.')
  if (form !== FORM) throw invalidToken(text)
  let before = -1
  return pieces.map((piece) => {
    const part = parsePart(piece)
    if (part === undefined || part.partition <= before) throw invalidToken(text)
    before = part.partition
    return part
  })
}

/** One token for several: a read that carries it sees each of their writes. */
export function joinTokens(tokens: readonly string[]): string {
  const parts = new Map<number, TokenPart>()
  for (const part of tokens.flatMap((token) => parseToken(token))) {
    parts.set(part.partition, laterPart(parts.get(part.partition), part))
  }
  return formatToken([...parts.values()])
}

/** Of two writes in one partition a token needs the one that is harder to see. */
export function laterPart(known: TokenPart | undefined, part: TokenPart): TokenPart {
  if (known === undefined || part.pending) return part
  if (known.pending || known.seq === undefined) return known
  // Two incarnations can't be compared: without a number the read is strict.
  if (known.stamp !== part.stamp || known.epoch !== part.epoch) return { ...part, seq: undefined }
  return part.seq === undefined || part.seq > known.seq ? part : known
}

function formatPart({ partition, stamp, epoch, seq, pending }: TokenPart): string {
  const count = seq === undefined ? '' : seq.toString(36)
  const fields = [partition.toString(36), stamp ?? '', epoch ?? '', count]
  return fields.join('~') + (pending ? '~p' : '')
}

function parsePart(piece: string): TokenPart | undefined {
  const match = PART.exec(piece)
  if (!match) return undefined
  const [, partition = '', stamp, epoch, count, pending] = match
  const seq = count === undefined ? undefined : Number.parseInt(count, 36)
  if (seq !== undefined && !Number.isSafeInteger(seq)) return undefined
  const number = Number.parseInt(partition, 36)
  return { partition: number, stamp, epoch, seq, pending: pending !== undefined }
}

function invalidToken(text: unknown): StaleproofError {
  return new StaleproofError('SP_TOKEN_INVALID', "The text given as 'after' is no token", {
    expected: 'the token of a receipt',
    received: describe(text),
  })
}
