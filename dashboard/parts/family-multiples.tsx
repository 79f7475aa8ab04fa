/** Every family as a small line of the same scale: those furthest below their goal come first. */
import type { JSX } from 'preact'
import type { FamiliesAnswer, FamilyRow, SeriesAnswer } from 'staleproof/ops'
import { useAnswer } from '../state/answer.ts'
import { linkTo } from '../state/route.ts'
import { percent } from '../text/format.ts'
import { Mono, Num } from './figures.tsx'
import { Empty, Waiting } from './panel.tsx'
import { Sparkline } from './sparkline.tsx'
import { Status } from './status.tsx'

const shownMax = 8

export function FamilyMultiples({ series }: { series: SeriesAnswer | undefined }): JSX.Element {
  const { data, problem } = useAnswer<FamiliesAnswer>('families')
  if (data === undefined) return <Waiting problem={problem} />
  if (data.families.length === 0) {
    return <Empty title="No families yet">A family appears with the first process.</Empty>
  }
  const worst = [...data.families].sort((a, b) => missingOf(b) - missingOf(a)).slice(0, shownMax)
  return (
    <ul class="multiples">
      {worst.map((family) => (
        <li key={family.name}>
          <a class="multiple" data-row href={linkTo('families', family.name)}>
            <span class="multiple-name">
              <Mono text={family.name} />
            </span>
            <Sparkline
              values={series?.families[family.name] ?? []}
              leastSpan={0.1}
              goal={family.declared.hitTarget}
            />
            <span class="multiple-value">
              <Num of={family.hitRatio} as={percent} />
            </span>
            <Goal family={family} />
          </a>
        </li>
      ))}
    </ul>
  )
}

export function Goal({ family }: { family: FamilyRow }): JSX.Element {
  const { hitRatio, declared } = family
  if (declared.hitTarget === undefined) return <span class="goal soft">no goal</span>
  const goal = `goal ${Math.round(declared.hitTarget * 100)} %`
  if (hitRatio === undefined) return <span class="goal soft">{goal}</span>
  return (
    <span class="goal">
      <Status tone={hitRatio >= declared.hitTarget ? 'ok' : 'warn'}>
        <span class="visually-hidden">{hitRatio >= declared.hitTarget ? 'met: ' : 'missed: '}</span>
        {goal}
      </Status>
    </span>
  )
}

/** How far below its goal; families without one stand between those that miss and meet theirs. */
function missingOf({ hitRatio, declared: { hitTarget } }: FamilyRow): number {
  return hitRatio === undefined || hitTarget === undefined ? 0 : hitTarget - hitRatio
}
