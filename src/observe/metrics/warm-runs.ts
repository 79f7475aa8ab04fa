/**
 * Durations of warming runs, taken from reports: a report has the last one, so runs that end
 * between two looks count as one. Tasks run once in minutes, and looks come several times in one.
 */
import type { TaskFacts } from '../process-facts.ts'
import type { MetricSink } from './series-table.ts'

export class WarmRuns {
  readonly #sink: MetricSink
  /** By task: the runs that had ended when it was looked at. */
  readonly #ended = new Map<string, number>()

  constructor(sink: MetricSink) {
    this.#sink = sink
  }

  see({ name: task, successes, failures, lastDurationMs }: TaskFacts): void {
    const ended = successes + failures
    const isNews = ended > (this.#ended.get(task) ?? 0)
    this.#ended.set(task, ended)
    if (!isNews || lastDurationMs === undefined) return
    this.#sink.observe('cache_warm_duration_seconds', { task }, { value: lastDurationMs / 1_000 })
  }
}
