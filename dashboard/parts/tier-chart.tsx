/** Where reads found their values: memory, Redis, or the source. */
import type { JSX } from 'preact'
import type { SeriesAnswer } from 'staleproof/ops'
import { perSecondOf, sumOf } from '../state/series.ts'
import { percent, perSecond } from '../text/format.ts'
import { Chart } from './chart.tsx'

export function TierChart({ series: answer }: { series: SeriesAnswer }): JSX.Element {
  const { memoryHits, redisHits, loads } = answer.series
  const [memory = 0, redis = 0, source = 0] = [memoryHits, redisHits, loads].map(sumOf)
  const all = memory + redis + source
  const summary =
    all === 0
      ? 'Reads per second by the tier that answered.'
      : `Of what the tiers answered, memory had ${percent(memory / all)}, ` +
        `Redis ${percent(redis / all)}, the source ${percent(source / all)}.`
  const rate = (values: readonly (number | null)[]) => perSecondOf(values, answer.stepMs)
  return (
    <Chart
      title="Reads per second by tier"
      summary={summary}
      kind="stack"
      timesMs={answer.timesMs}
      format={perSecond}
      series={[
        { name: 'memory', values: rate(memoryHits) },
        { name: 'Redis', values: rate(redisHits) },
        { name: 'source', values: rate(loads) },
      ]}
    />
  )
}
