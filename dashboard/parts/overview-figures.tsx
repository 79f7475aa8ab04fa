/** The numbers that a reader looks at first, each with its recent past. */
import type { JSX } from 'preact'
import type { OverviewAnswer, SeriesAnswer } from 'staleproof/ops'
import { trail } from '../state/live.ts'
import { linkTo } from '../state/route.ts'
import { bytes, count, duration, percent, perSecond } from '../text/format.ts'
import { Figure, Meter, Num } from './figures.tsx'
import { Sparkline } from './sparkline.tsx'
import { Status } from './status.tsx'

/** Marks of memory: where it becomes a warning, and where it is critical. */
const memoryMarks = [0.8, 0.9]
const clientMarks = [0.7, 0.9]

interface Props {
  readonly now: OverviewAnswer
  readonly series: SeriesAnswer | undefined
}

export function OverviewFigures({ now, series }: Props): JSX.Element {
  return (
    <dl class="figures">
      <Traffic now={now} series={series} />
      <Coherence now={now} />
      <Server now={now} series={series} />
    </dl>
  )
}

function Traffic({ now, series }: Props): JSX.Element {
  const { rates, redisLatency } = now
  const past = trail.value
  return (
    <>
      <Figure
        label="Hit ratio"
        href={linkTo('families')}
        note="last minute"
        below={<Sparkline values={past.map((one) => one.rates.hitRatio)} leastSpan={0.1} />}
      >
        <Num of={rates.hitRatio} as={percent} name="hit-ratio" />
      </Figure>
      <Figure
        label="Reads"
        note="per second"
        below={<Sparkline values={past.map((one) => one.rates.reads)} />}
      >
        <Num of={rates.reads} as={perSecond} name="reads" />
      </Figure>
      <Figure
        label="Loads avoided"
        note="per second"
        below={
          <>
            <Num of={rates.loads} as={perSecond} name="loads" /> loads made
          </>
        }
      >
        <Num of={rates.loadsAvoided} as={perSecond} name="loads-avoided" />
      </Figure>
      <Figure
        label="Redis p95"
        note={`p50\u00a0${duration(redisLatency.p50Ms)} · p99\u00a0${duration(redisLatency.p99Ms)}`}
        below={<Sparkline values={series?.series.redisP95Ms ?? []} />}
      >
        <Num of={redisLatency.p95Ms} as={duration} name="redis-p95" />
      </Figure>
    </>
  )
}

function Coherence({ now: { lag, staleReads, shadowReads } }: { now: OverviewAnswer }) {
  return (
    <>
      <Figure
        label="Invalidation lag p99"
        href={linkTo('invalidations')}
        note={lag.count === 0 ? 'none measured yet' : `p50 ${duration(lag.p50Ms)}`}
        below={`longest ${lag.count === 0 ? '–' : duration(lag.maxMs)}`}
      >
        <Num of={lag.count === 0 ? undefined : lag.p99Ms} as={duration} name="lag-p99" />
      </Figure>
      <Figure
        label="Stale reads"
        note={`in ${count(shadowReads)} shadow reads`}
        below={
          shadowReads > 0 && (
            <Status tone={staleReads === 0 ? 'ok' : 'crit'}>
              {staleReads === 0 ? 'coherent' : 'not coherent'}
            </Status>
          )
        }
      >
        <Num of={shadowReads === 0 ? undefined : staleReads} name="stale-reads" />
      </Figure>
    </>
  )
}

function Server({ now: { server }, series }: Props): JSX.Element {
  const { usedPercent, usedBytes, maxBytes, clients, clientsMax } = server ?? {}
  const share = usedPercent === undefined ? undefined : usedPercent / 100
  const clientShare = clients !== undefined && clientsMax ? clients / clientsMax : undefined
  return (
    <>
      <Figure
        label="Redis memory"
        href={linkTo('redis')}
        note={maxBytes ? `${bytes(usedBytes)} of ${bytes(maxBytes)}` : 'used, without a limit'}
        below={
          share !== undefined && <Meter label="Redis memory" share={share} marks={memoryMarks} />
        }
      >
        {share === undefined ? (
          <Num of={usedBytes} as={bytes} name="used-bytes" />
        ) : (
          <Num of={share} as={percent} name="memory" />
        )}
      </Figure>
      <Figure
        label="Evictions"
        note="per hour"
        below={<Sparkline values={series?.series.evictions ?? []} />}
      >
        <Num of={server?.evictionsPerHour} name="evictions" />
      </Figure>
      <Figure
        label="Connections"
        note={clientsMax === undefined ? '' : `of ${count(clientsMax)}`}
        below={<Meter label="Connections" share={clientShare} marks={clientMarks} />}
      >
        <Num of={clients} name="clients" />
      </Figure>
      <Figure
        label="Redis calls"
        note="per second"
        below={<Sparkline values={series?.series.opsPerSecond ?? []} />}
      >
        <Num of={server?.opsPerSecond} as={perSecond} name="ops" />
      </Figure>
    </>
  )
}
