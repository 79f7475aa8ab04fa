/** Reads a history back: JSON lines, of which the first says what was promised. */
import { type FileHandle, open } from 'node:fs/promises'
import { StaleproofError } from '../../core/errors.ts'
import {
  finalTiers,
  type HistoryRecord,
  readModes,
  readTiers,
  waysToInvalidate,
} from '../../testing/index.ts'

/** The first line of the file `promise.jsonl` in a folder of histories. */
export interface PromiseLine {
  readonly kind: 'promise'
  /** How long memory may lag. */
  readonly boundMs: number
}

/** All records of some files, in their order; throws `SP_HISTORY_INVALID` for what is none. */
export async function* recordsOf(
  paths: readonly string[],
): AsyncGenerator<HistoryRecord | PromiseLine> {
  for (const path of paths) {
    const file = await opened(path)
    let [number, broken] = [0, '']
    for await (const line of file.readLines()) {
      number++
      // A process that was killed may have left half a line, which is the last one.
      if (broken !== '') throw notRecord(path, number - 1, broken)
      const record = parsed(line)
      if (record === undefined) broken = line
      else yield checked(record, path, number)
    }
  }
}

/** Closes itself at its end. */
async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path)
  } catch (cause) {
    const details = { expected: 'a file that can be read', cause }
    throw new StaleproofError('SP_HISTORY_INVALID', path, details)
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

type Fields = Readonly<Record<string, unknown>>

function checked(record: unknown, path: string, line: number): HistoryRecord | PromiseLine {
  if (isRecord(record)) return record
  throw notRecord(path, line, JSON.stringify(record))
}

function isRecord(record: unknown): record is HistoryRecord | PromiseLine {
  if (typeof record !== 'object' || record === null || !('kind' in record)) return false
  const fields: Fields = { ...record }
  if (fields.kind === 'promise') return isTime(fields.boundMs)
  const { process, key, invokedMs, returnedMs } = fields
  const hasBase = typeof process === 'string' && typeof key === 'string'
  return hasBase && isTime(invokedMs) && isTime(returnedMs) && isOfKind(fields)
}

function isOfKind({ kind, ...fields }: Fields): boolean {
  switch (kind) {
    case 'write':
      return isTime(fields.version)
    case 'invalidate':
      return isOneOf(waysToInvalidate, fields.how) && mayBeTimes(fields.resolvedMs, fields.upTo)
    case 'read':
      return (
        isTime(fields.version) &&
        isOneOf(readTiers, fields.tier) &&
        isOneOf(readModes, fields.mode) &&
        mayBeTimes(fields.after)
      )
    case 'final':
      return isTime(fields.version) && isOneOf(finalTiers, fields.tier)
    default:
      return kind === 'split'
  }
}

/** Versions too: whatever is counted or measured is a finite number from 0. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function mayBeTimes(...values: readonly unknown[]): boolean {
  return values.every((value) => value === undefined || isTime(value))
}

function isOneOf(names: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && names.includes(value)
}

const shownMax = 80

function notRecord(path: string, line: number, text: string): StaleproofError {
  const received = text.length > shownMax ? `${text.slice(0, shownMax)}…` : text
  const details = { expected: 'a record of a history', received }
  return new StaleproofError('SP_HISTORY_INVALID', `${path}, line ${line}`, details)
}
