/** Counters of all families as a table. */

import { printable } from '../../base/printable.ts'
import { type FamilyRow, type FamilyTotals, hitRatioOf, readsOf } from '../../observe/index.ts'
import { countText, shareText, sizeText } from '../amounts.ts'
import type { Paint } from '../paint.ts'
import { gridLines } from '../table.ts'

export interface StatsFigures {
  readonly namespace: string
  readonly services: readonly string[]
  readonly processes: number
  readonly health: { readonly status: string; readonly reasons: readonly string[] }
  readonly totals: FamilyTotals
  readonly families: readonly FamilyRow[]
}

const titles = [
  'family',
  'reads',
  'hit',
  'memory',
  'redis',
  'joined',
  'stale',
  'loads',
  'failed',
  'invalidated',
  'held',
  'size',
]

export function statsLines(figures: StatsFigures, paint: Paint): readonly string[] {
  const { namespace, services, processes, health, families, totals } = figures
  const rows = families.map(({ name, totals: counted }) => [printable(name), ...cellsOf(counted)])
  const sum = families.length > 1 ? [['all', ...cellsOf(totals)]] : []
  return [
    `${paint('bold', printable(namespace))}  ${stateText(health.status, paint)}, ` +
      `${processes} processes of ${services.map(printable).join(', ') || 'no service'}`,
    ...health.reasons.map((reason) => `  ${paint('yellow', printable(reason))}`),
    '',
    ...gridLines(titles, [...rows, ...sum], paint),
  ]
}

export function stateText(status: string, paint: Paint): string {
  if (status === 'ok') return paint('green', 'ok')
  return paint(status === 'degraded' ? 'yellow' : 'red', status)
}

function cellsOf(totals: FamilyTotals): readonly string[] {
  const reads = readsOf(totals)
  const share = (part: number) => shareText(reads === 0 ? undefined : part / reads)
  return [
    countText(reads),
    shareText(hitRatioOf(totals)),
    share(totals.memory),
    share(totals.redis),
    share(totals.joined),
    share(totals.stale),
    countText(totals.loads),
    countText(totals.loadErrors),
    countText(totals.invalidations),
    countText(totals.entries),
    sizeText(totals.bytes),
  ]
}
