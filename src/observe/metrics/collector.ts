/**
 * All metrics of one process: what events have told so far, and what the cache and its service
 * say at the moment of asking. Whoever exports them, in whatever format, asks here.
 */
import type { CacheMethods } from '../../core/cache.ts'
import type { CacheEvent, Observer } from '../../core/outcome.ts'
import type { MetricName } from './definitions.ts'
import { countEvent } from './event-metrics.ts'
import type { ResolvedExport } from './export-options.ts'
import { type FamilyOfKey, familyOfKeys } from './invalidation-scope.ts'
import { NameBounds } from './name-bounds.ts'
import { readAbout, readHealth, readResilience } from './resilience-metrics.ts'
import {
  type Labels,
  type LabelsOf,
  type MetricSink,
  type Observed,
  type Series,
  SeriesTable,
  together,
} from './series-table.ts'
import { readParts, readScaling } from './service-reports.ts'
import { readStats } from './stats-metrics.ts'
import { WarmRuns } from './warm-runs.ts'

/** What is measured; a cache of any catalog. */
export type MeasuredCache = Pick<CacheMethods, 'about' | 'health' | 'observe' | 'stats'>

export interface CollectorOptions extends ResolvedExport {
  /** Takes what would be counted in histograms, for who has his own. */
  readonly onObserved?: OnObserved | undefined
}

/** The labels are bounded. */
export type OnObserved = (name: MetricName, labels: Labels, seen: Observed) => void

/** Others that are read with the rest, such as those of the server. */
export type MetricReader = (sink: MetricSink) => void

/** About one memory hit in so many is timed: more cost what they don't tell (`metrics-cost`). */
export const hitsSampled = 256

export class MetricsCollector implements Observer {
  readonly hits: number = hitsSampled
  readonly #cache: MeasuredCache
  readonly #options: CollectorOptions
  readonly #bounds = new NameBounds()
  readonly #recorded: SeriesTable
  readonly #sink: MetricSink
  readonly #runs: WarmRuns
  readonly #familyOf: FamilyOfKey
  readonly #readers: MetricReader[] = []
  readonly #stop: () => void
  #now: SeriesTable | undefined

  constructor(cache: MeasuredCache, options: CollectorOptions) {
    this.#cache = cache
    this.#options = options
    this.#recorded = new SeriesTable(options.profile, this.#bounds)
    this.#sink = sinkOf(this.#recorded, options.onObserved)
    this.#runs = new WarmRuns(this.#sink)
    this.#familyOf = familyOfKeys(cache.about().families)
    this.#stop = cache.observe(this)
  }

  notify(event: CacheEvent): void {
    countEvent(event, this.#sink, this.#familyOf)
  }

  /** For what the service itself counts. */
  add<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    this.#sink.add(name, labels, value)
  }

  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    this.#sink.observe(name, labels, { value })
  }

  alsoRead(reader: MetricReader): void {
    this.#readers.push(reader)
  }

  /** The series of a metric: as they are for whoever asks for all without waiting in between. */
  series(name: MetricName): readonly Series[] {
    if (this.#now === undefined) {
      // Their numbers belong together; the next reading is another one.
      queueMicrotask(() => {
        this.#now = undefined
      })
    }
    this.#now ??= this.#read()
    return together(this.#recorded.series(name), this.#now.series(name))
  }

  /** It hears nothing from then on; what it has counted remains. */
  close(): void {
    this.#stop()
  }

  #read(): SeriesTable {
    const { profile, parts, scaling } = this.#options
    const now = new SeriesTable(profile, this.#bounds)
    const stats = this.#cache.stats()
    readAbout(this.#cache.about(), now)
    readStats(stats, now, this.#recorded)
    readResilience(stats, now)
    readHealth(this.#cache.health(), now)
    readParts(parts(), this.#runs, now)
    readScaling(scaling(), now)
    for (const read of this.#readers) read(now)
    return now
  }
}

function sinkOf(table: SeriesTable, onObserved: OnObserved | undefined): MetricSink {
  if (onObserved === undefined) return table
  return {
    add: (name, labels, value) => table.add(name, labels, value),
    observe: (name, labels, seen) => onObserved(name, table.bounded(name, labels), seen),
  }
}
