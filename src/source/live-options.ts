/** Options of live data, checked once: what the sources are, and when to change between them. */
import type { Duration } from '../base/duration.ts'
import {
  booleanIn,
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
  isFields,
  isName,
  NAME_EXPECTED,
  nameIn,
  type Range,
} from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import type { Signal } from '../core/signal.ts'
import type { Datum, LiveEvent } from './live-stats.ts'

/** Who is told by a stream. After `lost`, and after the stream was closed, nothing is heard. */
export interface StreamSink {
  /** Rows that have arrived; each is checked on its own. */
  rows(rows: readonly unknown[]): void
  /** The connection has ended: it is closed, and opened again after a pause. */
  lost(error: unknown): void
}

/** What a read is told. */
export interface ReadContext {
  /** Fires at the timeout, when the source rests or is switched off, and on close. */
  readonly signal: Signal
}

/** Answers the rows that there are. */
export type ReadRows = (
  context: ReadContext,
) => readonly unknown[] | PromiseLike<readonly unknown[]>

interface Switchable {
  /** In logs, metrics and at the switch. */
  readonly name: string
  /** False: switched off at first. Default true. */
  readonly enabled?: boolean | undefined
}
interface Regular extends Switchable {
  /** From the end of a read to the next; longer while reads fail. */
  readonly every: Duration
  /** Longest time of a read. Default 5 s. */
  readonly timeout?: Duration | undefined
}
/** A source that pushes: opened, and kept open as long as it is wanted. */
export interface StreamSource extends Switchable {
  /** Connects, tells the sink, and returns what closes it. */
  readonly stream: (sink: StreamSink) => () => void
  /** Without data for so long it counts as down, and is opened anew. */
  readonly silentAfter: Duration
}
/** A source that is asked. */
export interface PollSource extends Regular {
  readonly poll: ReadRows
}
/** A last resort: asked like a poll, and what it answers is marked as not live. */
export interface FallbackSource extends Regular {
  readonly fallback: ReadRows
}
export type LiveSourceOptions = StreamSource | PollSource | FallbackSource

export interface LiveDataOptions<V> {
  /** In logs and errors. */
  readonly name: string
  /** The best one first; at most 16. */
  readonly sources: readonly LiveSourceOptions[]
  /**
   * Makes a value of a row, with defaults for what may be missing. `undefined`: a row that is
   * none of ours. What it throws at is counted and skipped.
   */
  readonly parse: (row: unknown, source: string) => V | undefined
  /** What a value is about; the newest of each key is held. */
  readonly key: (value: V) => string
  /** Rises with every newer value of a key, whichever source tells of it. */
  readonly order: (value: V) => number | bigint
  /** When it was so, in milliseconds since 1970. Default: when it arrived. */
  readonly time?: ((value: V) => number) | undefined
  /** A source that is down for so long is replaced by the next. Default 2 s. */
  readonly fallAfter?: Duration | undefined
  /**
   * A better source is returned to when it has been up for so long; no shorter than any
   * `silentAfter`. Default 30 s, or the longest `silentAfter`.
   */
  readonly returnAfter?: Duration | undefined
  /** Keys that are held; the oldest leaves for one more. Default 100,000. */
  readonly maxKeys?: number | undefined
  /** Told what was new, each value once; one that throws is counted, and stops nothing. */
  readonly onData?: ((data: readonly Datum<V>[]) => void) | undefined
  /** Told each transition once; one that throws is counted, and stops nothing. */
  readonly onEvent?: ((event: LiveEvent) => void) | undefined
  readonly log?: Logger | undefined
}

export type ResolvedSource = { readonly name: string; readonly isEnabled: boolean } & (
  | {
      readonly kind: 'stream'
      readonly stream: (sink: StreamSink) => unknown
      readonly silentMs: number
    }
  | {
      readonly kind: 'poll' | 'fallback'
      readonly read: (context: ReadContext) => unknown
      readonly everyMs: number
      readonly timeoutMs: number
    }
)

export interface ResolvedLiveData<V> {
  readonly name: string
  readonly sources: readonly ResolvedSource[]
  readonly given: LiveDataOptions<V>
  readonly fallMs: number
  readonly returnMs: number
  readonly keysMax: number
}

const KNOWN = [
  ...['name', 'sources', 'parse', 'key', 'order', 'time', 'fallAfter', 'returnAfter', 'maxKeys'],
  ...['onData', 'onEvent', 'log'],
]
const STREAM_KNOWN = ['name', 'enabled', 'stream', 'silentAfter']
const READ_KNOWN = ['name', 'enabled', 'every', 'timeout']
const SOURCES_MAX = 16
const WAIT_RANGE_MS = { min: 1, max: 3_600_000 }
const KEYS_RANGE = { min: 1, max: 10_000_000 }
const FALL_MS = 2_000
const RETURN_MS = 30_000
const TIMEOUT_MS = 5_000
const KEYS_MAX = 100_000

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function resolveLiveData<V>(given: LiveDataOptions<V>): ResolvedLiveData<V> {
  const fields = fieldsOf('openLiveData', given, KNOWN)
  const name = nameIn('openLiveData', fields, 'name')
  if (name === undefined) throw invalid('openLiveData', 'name', NAME_EXPECTED, undefined)
  const where = `live data '${name}'`
  for (const needed of ['parse', 'key', 'order']) functionOf(where, fields, needed)
  for (const optional of ['time', 'onData', 'onEvent']) functionIn(where, fields, optional)
  const sources = sourcesIn(where, fields)
  return Object.freeze({
    name,
    sources,
    given,
    fallMs: durationIn(where, fields, 'fallAfter', WAIT_RANGE_MS) ?? FALL_MS,
    returnMs: returnMsIn(where, fields, sources),
    keysMax: integerIn(where, fields, 'maxKeys', KEYS_RANGE) ?? KEYS_MAX,
  })
}

/** A stream that says something whenever it is opened, and then nothing, is never well. */
function returnMsIn(where: string, fields: Fields, sources: readonly ResolvedSource[]): number {
  const silences = sources.map((source) => (source.kind === 'stream' ? source.silentMs : 0))
  const silentMs = Math.max(...silences)
  const ms = durationIn(where, fields, 'returnAfter', WAIT_RANGE_MS)
  if (ms !== undefined && ms < silentMs) {
    const expected = `at least ${silentMs} ms, the longest 'silentAfter'`
    throw invalid(where, 'returnAfter', expected, fields.returnAfter)
  }
  return ms ?? Math.max(RETURN_MS, silentMs)
}

function sourcesIn(where: string, { sources }: Fields): readonly ResolvedSource[] {
  const isList = Array.isArray(sources) && sources.length > 0 && sources.length <= SOURCES_MAX
  if (!isList) throw invalid(where, 'sources', `a list of 1 to ${SOURCES_MAX} sources`, sources)
  const names = new Set<string>()
  return sources.map((source: unknown, index) => {
    const name = isFields(source) ? source.name : undefined
    const place = `${where} source ${index}`
    if (!isName(name)) throw invalid(place, 'name', NAME_EXPECTED, name)
    if (names.has(name)) throw invalid(place, 'name', 'a name that no other has', name)
    names.add(name)
    return Object.freeze(sourceOf(`${where} source '${name}'`, { name, source }))
  })
}

function sourceOf(
  where: string,
  { name, source }: { readonly name: string; readonly source: unknown },
): ResolvedSource {
  const kinds = (['stream', 'poll', 'fallback'] as const).filter(
    (one) => isFields(source) && source[one] !== undefined,
  )
  const [kind, other] = kinds
  if (kind === undefined || other !== undefined) {
    const expected = "exactly one of 'stream', 'poll' and 'fallback'"
    throw invalid(where, kind ?? 'stream', expected, isFields(source) ? source[kind ?? ''] : source)
  }
  const isStream = kind === 'stream'
  const fields = fieldsOf(where, source, isStream ? STREAM_KNOWN : [...READ_KNOWN, kind])
  const isEnabled = booleanIn(where, fields, 'enabled') ?? true
  const run = functionOf(where, fields, kind)
  if (isStream) {
    return { name, isEnabled, kind, stream: run, silentMs: waitIn(where, fields, 'silentAfter') }
  }
  const everyMs = waitIn(where, fields, 'every')
  const timeoutMs = durationIn(where, fields, 'timeout', WAIT_RANGE_MS) ?? TIMEOUT_MS
  return { name, isEnabled, kind, read: run, everyMs, timeoutMs }
}

function waitIn(where: string, fields: Fields, name: string, range: Range = WAIT_RANGE_MS): number {
  const ms = durationIn(where, fields, name, range)
  if (ms === undefined) throw invalid(where, name, 'a duration', undefined)
  return ms
}

function functionOf(where: string, fields: Fields, name: string): (given: unknown) => unknown {
  const found = functionIn(where, fields, name)
  if (found === undefined) throw invalid(where, name, 'a function', undefined)
  return found
}
