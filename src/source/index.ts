/** Ordered sources: of live data, which push or are polled, and of reads, which are asked. */
import { systemChance as chance, systemClock as clock } from '../system.ts'
import { type FirstOf, FirstOfSources } from './first-of.ts'
import { type FirstOfOptions, resolveFirstOf } from './first-of-options.ts'
import { type LiveData, OrderedLiveData } from './live-data.ts'
import { type LiveDataOptions, resolveLiveData } from './live-options.ts'

export type { FirstOf } from './first-of.ts'
export type { FirstOfOptions, ReadSource } from './first-of-options.ts'
export type { LiveData } from './live-data.ts'
export type {
  FallbackSource,
  LiveDataOptions,
  LiveSourceOptions,
  PollSource,
  ReadContext,
  ReadRows,
  StreamSink,
  StreamSource,
} from './live-options.ts'
export type {
  Datum,
  LiveEvent,
  LiveSourceKind,
  LiveSourceState,
  LiveSourceStats,
  LiveStats,
  SwitchReason,
} from './live-stats.ts'
export type { Page } from './newest.ts'
export type { ReadSourceStats } from './read-line.ts'

/**
 * Relies on the best source that works, and holds the newest value of each key. It runs from
 * here on, until it is closed. Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`.
 */
export function openLiveData<V>(options: LiveDataOptions<V>): LiveData<V> {
  return new OrderedLiveData(resolveLiveData(options), { clock, chance })
}

/**
 * A source for `openCache` that asks several places in their order, each with a timeout, a
 * breaker, numbers and a switch of its own. Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`.
 */
export function firstOf<Id, V>(options: FirstOfOptions<Id, V>): FirstOf<Id, V> {
  return new FirstOfSources(resolveFirstOf(options), { clock, chance })
}
