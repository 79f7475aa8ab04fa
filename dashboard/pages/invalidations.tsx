/** What was invalidated, as it happens; how wide it was; how long others took to know. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { InvalidationRow, SeriesAnswer } from 'staleproof/ops'
import { Chart } from '../parts/chart.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Figure, Mono, Num } from '../parts/figures.tsx'
import { Filter } from '../parts/filter.tsx'
import { InvalidationTable, isBroad } from '../parts/invalidation-table.tsx'
import { LagTable } from '../parts/lag-table.tsx'
import { invalidations, keptMax, missed, seenHere } from '../state/invalidations.ts'
import { overview } from '../state/live.ts'
import { route, setQuery } from '../state/route.ts'
import { perSecondOf, sumOf, useSeries } from '../state/series.ts'
import { count, dateTime, duration, percent, perSecond, plural } from '../text/format.ts'

const shownMax = 200

export function Invalidations(): JSX.Element {
  const { q = '', broad } = route.value.query
  const { data: series } = useSeries()
  const [open, setOpen] = useState<InvalidationRow>()
  const matching = invalidations.value.filter((row) => {
    return (broad === undefined || isBroad(row)) && isAbout(row, q.toLowerCase())
  })
  return (
    <div class="page">
      <Counts />
      <div class="columns">
        {series !== undefined && <Timeline series={series} />}
        <LagTable />
      </div>
      <div class="toolbar">
        <Filter label="Filter by service, key or reason" />
        <label class="check">
          <input
            type="checkbox"
            checked={broad !== undefined}
            onChange={({ currentTarget }) =>
              setQuery({ broad: currentTarget.checked ? '1' : undefined })
            }
          />
          Only broad ones
        </label>
        <span class="soft">
          {plural(matching.length, 'row')}
          {matching.length > shownMax && `, the newest ${shownMax} shown`}
        </span>
      </div>
      <div class="panel panel-table">
        <InvalidationTable rows={matching.slice(0, shownMax)} onOpen={setOpen} />
      </div>
      {open !== undefined && <Detail row={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function Counts(): JSX.Element {
  const lag = overview.value?.lag
  return (
    <dl class="figures">
      <Figure label="Shown here" note={`this page keeps the newest ${keptMax}`}>
        <Num of={seenHere.value} name="shown" />
      </Figure>
      <Figure label="Not shown" note="while this page was away or too slow">
        <Num of={missed.value} name="missed" />
      </Figure>
      <Figure label="Lag, p50" note={`of ${count(lag?.count)} measured`}>
        <Num of={lag?.count ? lag.p50Ms : undefined} as={duration} />
      </Figure>
      <Figure label="Lag, p99" note={`longest ${duration(lag?.count ? lag.maxMs : undefined)}`}>
        <Num of={lag?.count ? lag.p99Ms : undefined} as={duration} />
      </Figure>
    </dl>
  )
}

function Timeline({ series: answer }: { series: SeriesAnswer }): JSX.Element {
  const { invalidations: counts, memoryHits, redisHits, loads } = answer.series
  const hits = (sumOf(memoryHits) ?? 0) + (sumOf(redisHits) ?? 0)
  const reads = hits + (sumOf(loads) ?? 0)
  const against = reads === 0 ? '' : ` Reads were hits in ${percent(hits / reads)} of cases.`
  return (
    <Chart
      title="Invalidations and loads per second"
      summary={`${plural(sumOf(counts) ?? 0, 'invalidation')} in this range.${against}`}
      timesMs={answer.timesMs}
      format={perSecond}
      series={[
        { name: 'invalidations', values: perSecondOf(counts, answer.stepMs) },
        { name: 'loads', values: perSecondOf(loads, answer.stepMs) },
      ]}
    />
  )
}

function isAbout(row: InvalidationRow, asked: string): boolean {
  if (asked === '') return true
  const { origin, reason, subject = '', scope, keys, tags } = row
  return [origin, reason, subject, scope, ...keys, ...tags].some((text) =>
    text.toLowerCase().includes(asked),
  )
}

function Detail({ row, onClose }: { row: InvalidationRow; onClose: () => void }): JSX.Element {
  const names = [...row.keys, ...row.tags]
  return (
    <Dialog title={`Invalidation ${row.seq}`} kind="side" onClose={onClose}>
      <dl class="facts">
        <dt>When</dt>
        <dd>{dateTime(row.atMs)}</dd>
        <dt>From</dt>
        <dd>
          <Mono text={row.origin} />, by {row.via}
        </dd>
        <dt>Scope</dt>
        <dd>
          {row.scope}, {plural(row.keyCount, 'key')}
        </dd>
        <dt>Reason</dt>
        <dd>
          <Mono text={row.reason} />
        </dd>
        <dt>Took</dt>
        <dd>{duration(row.ms)}</dd>
        <dt>Reached</dt>
        <dd>
          <Num of={row.reached} />
          {row.pending > 0 && `, ${count(row.pending)} pending`}
        </dd>
      </dl>
      {names.length > 0 && (
        <>
          <h3>Keys and tags</h3>
          <ul class="plain">
            {names.map((name) => (
              <li key={name}>
                <Mono text={name} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
