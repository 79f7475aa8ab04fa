/**
 * The market data layer: one view of the newest quotes, whoever tells of them. The provider's
 * market channel is preferred; while it is down or silent the provider is polled; and while
 * that fails too, the last quotes of the database are shown, marked as not live.
 *
 * One rule for what comes from outside: a missing side has a default, a price is brought into
 * its range, and a row that still is no quote is counted and skipped.
 */
import { type LiveData, openLiveData, type ReadRows, type StreamSink } from 'staleproof/source'
import { z } from 'zod'
import type { Quote } from '../domain/price.ts'
import type { ServiceLogger } from '../process/logger.ts'

/** The best one first. */
export const marketSources = ['stream', 'poll', 'database'] as const
export type MarketSource = (typeof marketSources)[number]

export interface MarketDataSettings {
  /** Switched on at the start; the others can be switched on at run time. */
  readonly enabled: readonly MarketSource[]
  /** A market channel without quotes for so long counts as down. */
  readonly streamSilentMs: number
  /** What is down for so long is replaced by the next. */
  readonly fallMs: number
  /** What has been up for so long is returned to. */
  readonly returnMs: number
  /** Pause between two polls. */
  readonly pollMs: number
}

export const marketDataDefaults: MarketDataSettings = {
  enabled: marketSources,
  streamSilentMs: 10_000,
  fallMs: 2_000,
  returnMs: 30_000,
  pollMs: 2_000,
}

export interface MarketDataOptions {
  readonly settings: MarketDataSettings
  readonly stream: (sink: StreamSink) => () => void
  readonly poll: ReadRows
  /** The quotes that were stored last. */
  readonly stored: ReadRows
  /** Reads a row of a source; `undefined` where it is none of ours, throws where it is none. */
  readonly quoteOf: Readonly<Record<'stream' | 'poll', (row: unknown) => Quote | undefined>>
  readonly log: ServiceLogger
  /** Told of live quotes that are newer than those before. */
  readonly onQuotes: (quotes: readonly Quote[]) => void
}

export type MarketData = LiveData<Quote>

/** Whoever reads stored quotes has waited for them already: there is no hurry. */
const storedEveryMs = 15_000

const price = z.number().transform((value) => Math.min(1, Math.max(0, value)))
const quoteSchema = z.object({
  marketId: z.string().min(1),
  bid: price,
  ask: price,
  seq: z.number().int().nonnegative(),
  quotedAt: z.iso.datetime(),
})

export function openMarketDataLayer(options: MarketDataOptions): MarketData {
  const { settings, quoteOf, log, onQuotes } = options
  const { streamSilentMs: silentAfter, pollMs: every } = settings
  const isOn = (name: MarketSource) => ({ name, enabled: settings.enabled.includes(name) })
  return openLiveData({
    name: 'quotes',
    sources: [
      { ...isOn('stream'), stream: options.stream, silentAfter },
      { ...isOn('poll'), poll: options.poll, every },
      { ...isOn('database'), fallback: options.stored, every: storedEveryMs },
    ],
    parse: (row, source): Quote | undefined => {
      const isOutside = source === 'stream' || source === 'poll'
      const quote = isOutside ? quoteOf[source](row) : row
      return quote === undefined ? undefined : quoteSchema.parse(quote)
    },
    key: (quote) => quote.marketId,
    order: (quote) => quote.seq,
    time: (quote) => Date.parse(quote.quotedAt),
    fallAfter: settings.fallMs,
    returnAfter: settings.returnMs,
    onData: (data) => {
      const live = data.filter(({ isLive }) => isLive)
      if (live.length > 0) onQuotes(live.map(({ value }) => value))
    },
    log,
  })
}
