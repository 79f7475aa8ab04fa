/** Our figures beside those of one peer, in everything that both were measured in. */
import type { ContestResult } from '../contest-result.ts'
import type { Measured } from '../report.ts'
import type { StudyResult } from '../study.ts'

export interface Comparison {
  readonly title: string
  /** Ours to theirs: below one is a win. */
  readonly ratio: number
}

export interface Duel {
  readonly peer: string
  readonly comparisons: readonly Comparison[]
}

const ours = 'staleproof'
/** As they are called in contests, with or without a remark behind the name. */
const peers = [
  'bentocache',
  'cacheable',
  'cache-manager',
  'layered-loader',
  'async-cache-dedupe',
  'cachified',
  'node-redis, client-side cache',
  'node-redis',
  'lru-cache',
  'ioredis',
]
/** What contestants of one library are told apart by; only these compare like with like. */
const remarks = [' (redis only)', ' (memory only)', ', awaited']
/** The same contestants again, of other ids. */
const scenariosLeftOut = ['memory-get', 'memory-peek']

export function duelsOf(measured: readonly Measured[]): readonly Duel[] {
  const results = measured.filter(({ name }) => !scenariosLeftOut.includes(name))
  return peers.flatMap((peer) => {
    const comparisons = results.flatMap(({ contests, study }) => [
      ...contests.flatMap((contest) => inContest(contest, peer)),
      ...(study === undefined ? [] : inStudy(study, peer)),
    ])
    return comparisons.length === 0 ? [] : [{ peer, comparisons }]
  })
}

function inContest({ title, contestants }: ContestResult, peer: string): readonly Comparison[] {
  const our =
    contestants.find(({ name }) => name.startsWith(`${ours} get`)) ??
    contestants.find(({ name }) => name.startsWith(ours))
  const their = contestants.find(({ name }) => isOf(peer, name))
  if (our === undefined || their === undefined) return []
  return [{ title, ratio: our.cpuMicros.median / their.cpuMicros.median }]
}

function inStudy(study: StudyResult, peer: string): readonly Comparison[] {
  const our = plottedFigure(study, ours)
  const their = plottedFigure(study, peer)
  if (our === undefined || their === undefined || their <= 0 || our <= 0) return []
  const [title = ''] = study.title.split(/[,:]/)
  return [{ title: `${title}, ${plottedColumn(study)}`, ratio: our / their }]
}

function isOf(peer: string, name: string): boolean {
  const isRaw = peer === 'ioredis' && name.startsWith('ioredis ')
  return name === peer || isRaw || remarks.some((remark) => name === `${peer}${remark}`)
}

export function plottedColumn({ columns, plotted }: StudyResult): string {
  return plotted ?? columns[0] ?? ''
}

/** Of the row with this name; the median where it has a spread. */
export function plottedFigure(study: StudyResult, name: string): number | undefined {
  const row = study.rows.find((one) => one.name === name)
  const figure = row?.figures[study.columns.indexOf(plottedColumn(study))]
  return typeof figure === 'number' ? figure : row?.spread?.median
}
