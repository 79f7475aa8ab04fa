/** Live data in virtual time over sources that a test works by hand. */
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { type LiveData, OrderedLiveData } from './live-data.ts'
import {
  type LiveDataOptions,
  type LiveSourceOptions,
  resolveLiveData,
  type StreamSink,
} from './live-options.ts'
import type { Datum, LiveEvent, LiveSourceStats } from './live-stats.ts'

export interface Quote {
  readonly id: string
  readonly seq: number
  readonly bid: number
}

/** A stream whose other side is the test. */
export class Wire {
  readonly opened: StreamSink[] = []
  closed = 0
  /** What opening it throws. */
  fault: Error | undefined
  #sink: StreamSink | undefined

  readonly stream = (sink: StreamSink): (() => void) => {
    if (this.fault !== undefined) throw this.fault
    this.opened.push(sink)
    this.#sink = sink
    return () => {
      this.closed++
      if (this.#sink === sink) this.#sink = undefined
    }
  }

  get isOpen(): boolean {
    return this.#sink !== undefined
  }

  say(...rows: readonly unknown[]): void {
    this.#sink?.rows(rows)
  }

  cut(): void {
    this.#sink?.lost(new Error('cut'))
  }
}

/** What a read answers, and how often it was asked. */
export class Well {
  asked = 0
  signal: AbortSignal | undefined
  answer: () => unknown = () => []

  readonly read = async ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
    this.asked++
    this.signal = signal
    // The library must bear whatever comes; the type is the author's promise.
    return this.answer() as Promise<never>
  }
}

export const fallMs = 2_000
export const returnMs = 30_000
export const silentMs = 10_000

export interface World {
  readonly clock: VirtualClock
  readonly wire: Wire
  readonly poll: Well
  readonly last: Well
  readonly live: LiveData<Quote>
  readonly data: Datum<Quote>[]
  readonly events: LiveEvent[]
  of(source: string): LiveSourceStats
}

export function openWorld(
  given: Partial<LiveDataOptions<Quote>> = {},
  clock: VirtualClock = new VirtualClock(),
): World {
  const [wire, poll, last] = [new Wire(), new Well(), new Well()]
  const data: Datum<Quote>[] = []
  const events: LiveEvent[] = []
  const sources: LiveSourceOptions[] = [
    { name: 'wire', stream: wire.stream, silentAfter: silentMs },
    { name: 'poll', poll: poll.read, every: '2s', timeout: '1s' },
    { name: 'last', fallback: last.read, every: '5s' },
  ]
  const options = resolveLiveData<Quote>({
    name: 'quotes',
    sources,
    parse: quoteOf,
    key: (quote) => quote.id,
    order: (quote) => quote.seq,
    fallAfter: fallMs,
    returnAfter: returnMs,
    onData: (applied) => data.push(...applied),
    onEvent: (event) => events.push(event),
    ...given,
  })
  const live = new OrderedLiveData(options, { clock, chance: new SeededChance(1) })
  const of = (source: string): LiveSourceStats => {
    const found = live.stats().sources.find(({ name }) => name === source)
    if (found === undefined) throw new Error(`no source ${source}`)
    return found
  }
  return { clock, wire, poll, last, live, data, events, of }
}

/** A row without a bid gets 0, one without an id is invalid, a remark is none of ours. */
function quoteOf(row: unknown): Quote | undefined {
  if (row === 'remark') return undefined
  if (typeof row !== 'object' || row === null || !('id' in row) || !('seq' in row)) {
    throw new Error('no quote')
  }
  const bid = 'bid' in row ? Number(row.bid) : 0
  return { id: String(row.id), seq: Number(row.seq), bid }
}

/** One that says a quote each second, for as long as asked. */
export async function talk(world: World, ms: number, firstSeq: number): Promise<void> {
  for (let at = 0; at < ms; at += 1_000) {
    world.wire.say({ id: 'a', seq: firstSeq + at })
    await world.clock.advance(1_000)
  }
}

/** From where to where, in the order in which it happened. */
export function switches(world: World): string[] {
  return world.events.flatMap((event) =>
    event.kind === 'switched' ? `${event.from} → ${event.to}: ${event.why}` : [],
  )
}

/** The stream has had data, and can't be opened any more. */
export async function withPollInUse(): Promise<World> {
  const world = openWorld()
  world.wire.say({ id: 'a', seq: 1 })
  world.wire.fault = new Error('refused')
  world.wire.cut()
  await world.clock.advance(fallMs + 1)
  return world
}
