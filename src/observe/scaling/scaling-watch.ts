/**
 * Keeps the figures of scaling as they follow from what one process of all looks at every minute:
 * the one that writes the history. The others know none, so that nobody reads a day of history
 * only to say the same again.
 */
import type { HistorySample } from '../history/history-sample.ts'
import type { ProcessFacts } from '../process-facts.ts'
import { type ScalingFigures, scalingFigures } from './figures.ts'
import { memorySamples } from './memory-samples.ts'
import type { MemorySample } from './redis-advice.ts'

/** Older ones are of a time when this process was the one. */
const goodForMs = 180_000
/** A day of them, one a minute. */
export const memorySamplesMax = 1_440

export class ScalingWatch {
  #samples: readonly MemorySample[] = []
  #figures: ScalingFigures | undefined
  #atMs = 0

  /** This process is the one from now on. */
  begin(history: readonly HistorySample[]): void {
    this.#samples = memorySamples(history).slice(-memorySamplesMax)
  }

  look(processes: readonly ProcessFacts[], sample: HistorySample): void {
    const { atMs: nowMs } = sample
    const samples = [...this.#samples, ...memorySamples([sample])].slice(-memorySamplesMax)
    this.#samples = samples
    this.#figures = scalingFigures({ processes, history: samples, nowMs })
    this.#atMs = nowMs
  }

  /** As last known; undefined: another process knows. */
  figures(nowMs: number): ScalingFigures | undefined {
    return nowMs - this.#atMs <= goodForMs ? this.#figures : undefined
  }
}
