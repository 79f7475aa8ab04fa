/** Is it healthy, how well does it work, and what has just happened? Without a click. */
import type { JSX } from 'preact'
import type { OverviewAnswer, SeriesAnswer } from 'staleproof/ops'
import { FamilyMultiples } from '../parts/family-multiples.tsx'
import { InvalidationTable } from '../parts/invalidation-table.tsx'
import { OverviewFigures } from '../parts/overview-figures.tsx'
import { Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { Status, type Tone } from '../parts/status.tsx'
import { TierChart } from '../parts/tier-chart.tsx'
import { useAnswer } from '../state/answer.ts'
import { invalidations } from '../state/invalidations.ts'
import { overview } from '../state/live.ts'
import { linkTo } from '../state/route.ts'
import { useSeries } from '../state/series.ts'
import { plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'

const recentRows = 8

export function Overview(): JSX.Element {
  const asked = useAnswer<OverviewAnswer>('overview')
  const now = overview.value ?? asked.data
  const { data: series } = useSeries()
  if (now === undefined) return <Waiting problem={asked.problem} />
  return (
    <div class="page">
      <Outdated problem={asked.problem} />
      <Standing now={now} />
      <OverviewFigures now={now} series={series} />
      <div class="columns">
        {series !== undefined && <TierChart series={series} />}
        <Families series={series} />
      </div>
      <Panel
        title="Recent invalidations"
        actions={<a href={linkTo('invalidations')}>All of them</a>}
      >
        <InvalidationTable rows={invalidations.value.slice(0, recentRows)} isBrief />
      </Panel>
    </div>
  )
}

const standings: Readonly<Record<OverviewAnswer['status'], readonly [Tone, string]>> = {
  ok: ['ok', 'Healthy'],
  degraded: ['warn', 'Degraded'],
  'down-to-source': ['crit', 'Down to source'],
}

function Standing({ now }: { now: OverviewAnswer }): JSX.Element {
  const [tone, word] = standings[now.status]
  const running = plural(now.processes, 'process', 'processes')
  const where = `${running} of ${plural(now.services, 'service')} with this cache`
  return (
    <div class={`standing standing-${tone}`}>
      <p class="standing-word">
        <Status tone={tone}>{word}</Status>
      </p>
      <p class="standing-why">
        {now.reasons.length === 0 ? where : now.reasons.map(visible).join(' · ')}
      </p>
      <Breakers now={now} />
      <Findings now={now} />
    </div>
  )
}

function Breakers({ now: { breakers } }: { now: OverviewAnswer }): JSX.Element | null {
  if (breakers.length === 0) return null
  return (
    <ul class="chips" aria-label="Breakers that are not closed">
      {breakers.map(({ process, name, state, service }) => (
        <li key={`${process} ${name}`}>
          <a class="chip-link" href={linkTo('resilience')}>
            <Status tone={state === 'open' ? 'crit' : 'warn'} isChip>
              {name} of {service}: {state === 'halfOpen' ? 'half open' : state}
            </Status>
          </a>
        </li>
      ))}
    </ul>
  )
}

function Findings({ now: { findings } }: { now: OverviewAnswer }): JSX.Element {
  const { crit = 0, warn = 0 } = findings ?? {}
  return (
    <p class="standing-findings" aria-live="polite">
      <a href={linkTo('doctor')}>
        {findings === undefined && <Status tone="none">doctor has not run yet</Status>}
        {findings !== undefined && crit + warn === 0 && (
          <Status tone="ok">doctor finds nothing wrong</Status>
        )}
        {crit > 0 && <Status tone="crit">{crit} critical</Status>}
        {warn > 0 && <Status tone="warn">{plural(warn, 'warning')}</Status>}
      </a>
    </p>
  )
}

function Families({ series }: { series: SeriesAnswer | undefined }): JSX.Element {
  return (
    <Panel title="Families" actions={<a href={linkTo('families')}>All of them</a>}>
      <FamilyMultiples series={series} />
    </Panel>
  )
}
