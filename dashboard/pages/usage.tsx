/** What is read, by whom, and what would be the right size for it. */
import type { JSX } from 'preact'
import type { UsageAnswer } from 'staleproof/ops'
import { Bars } from '../parts/bars.tsx'
import { Mono, Num } from '../parts/figures.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { linkTo } from '../state/route.ts'
import { bytes, count, duration, percent } from '../text/format.ts'
import { visible } from '../text/visible.ts'

const shownMax = 15

type Page = UsageAnswer['pages'][number]
type Recommendation = UsageAnswer['recommendations'][number]

export function Usage(): JSX.Element {
  const { data, problem } = useAnswer<UsageAnswer>('usage')
  if (data === undefined) return <Waiting problem={problem} />
  const families = [...data.families].sort((a, b) => b.reads - a.reads).slice(0, shownMax)
  const keys = [...data.keys].sort((a, b) => b.reads - a.reads).slice(0, shownMax)
  return (
    <div class="page">
      <Outdated problem={problem} />
      <Advice advice={data.recommendations} />
      <div class="columns columns-even">
        <Panel title="Families by reads" note="by the service that reads them">
          <Bars
            label="Families by reads"
            bars={families.map(({ family, service, reads }) => ({
              name: `${family} in ${service}`,
              value: reads,
              href: linkTo('families', family),
            }))}
          />
        </Panel>
        <Panel title="Keys by reads" note="estimated by a bounded sketch">
          {keys.length === 0 ? (
            <Empty icon="usage" title="Not enough reads yet" />
          ) : (
            <Bars
              label="Keys by reads"
              isEstimate
              bars={keys.map(({ key, service, reads }) => ({
                name: `${key} in ${service}`,
                value: reads,
              }))}
            />
          )}
        </Panel>
      </div>
      <Panel title="Pages" note="requests since the start of each process">
        {data.pages.length === 0 ? (
          <Empty title="No service tells of its pages" />
        ) : (
          <Table
            label="Pages"
            columns={pageColumns}
            rows={data.pages}
            rowKey={({ service, page }) => `${service} ${page}`}
            sort="-requests"
          />
        )}
      </Panel>
    </div>
  )
}

const pageColumns: readonly Column<Page>[] = [
  {
    id: 'page',
    title: 'Page',
    isWide: true,
    by: ({ page }) => page,
    cell: ({ page }) => <Mono text={page} />,
  },
  {
    id: 'service',
    title: 'Service',
    by: ({ service }) => service,
    cell: ({ service }) => <Mono text={service} />,
  },
  {
    id: 'requests',
    title: 'Requests',
    isNumber: true,
    by: ({ requests }) => requests,
    cell: ({ requests }) => <Num of={requests} />,
  },
  {
    id: 'errors',
    title: 'Errors',
    isNumber: true,
    by: ({ errors }) => errors,
    cell: ({ errors, requests }) => (
      <span class="stacked">
        <Num of={errors} />
        {errors > 0 && <span class="soft">{percent(errors / requests)}</span>}
      </span>
    ),
  },
  {
    id: 'p95',
    title: 'p95',
    isNumber: true,
    by: ({ p95Ms }) => p95Ms,
    cell: ({ p95Ms }) => duration(p95Ms),
  },
]

const subjects: Readonly<Record<Recommendation['subject'], string>> = {
  l1: 'Memory tier',
  redisMemory: 'Redis memory',
  replicas: 'Replicas',
}

function Advice({ advice }: { advice: readonly Recommendation[] }): JSX.Element {
  return (
    <Panel title="Sizes" note="what the recorded use advises, and the curve behind it">
      {advice.length === 0 ? (
        <Empty icon="usage" title="Nothing to advise yet">
          A size is advised when enough use was recorded to see a curve.
        </Empty>
      ) : (
        <ul class="advice">
          {advice.map((one) => (
            <AdviceItem key={`${one.subject} ${one.service ?? ''}`} advice={one} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function AdviceItem({ advice }: { advice: Recommendation }): JSX.Element {
  const { subject, service, now, advised, unit, why, curve } = advice
  const format = unit === 'bytes' ? bytes : count
  return (
    <li>
      <h3>
        {subjects[subject]}
        {service !== undefined && <span class="soft"> of {visible(service)}</span>}
      </h3>
      <p class="advice-sizes">
        <Num of={now} as={format} /> <span aria-hidden="true">→</span>
        <span class="visually-hidden">now, advised </span> <strong>{format(advised)}</strong>
      </p>
      <Sparkline values={curve.map(({ y }) => y)} />
      <p class="soft">{visible(why)}</p>
    </li>
  )
}
