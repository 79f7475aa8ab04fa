/** View 1: families, by how they are read. */

import { familyRows } from '../../observe/index.ts'
import { countCell, nameCell, numberCell, sizeCell, timeCell } from './cells.ts'
import type { FamilyRates } from './fleet-rates.ts'
import type { CellText, Column, Table } from './grid.ts'
import type { Sight } from './sight.ts'

const columns: readonly Column[] = [
  { title: 'FAMILY', width: 12, rank: 0, side: 'left' },
  { title: 'GETS/s', width: 7, rank: 1, side: 'right' },
  { title: 'HIT%', width: 5, rank: 2, side: 'right' },
  { title: '1MIN', width: 5, rank: 5, side: 'right' },
  { title: 'ALL', width: 5, rank: 9, side: 'right' },
  { title: 'L1%', width: 5, rank: 4, side: 'right' },
  { title: 'L2%', width: 5, rank: 10, side: 'right' },
  { title: 'LOADS', width: 6, rank: 8, side: 'right' },
  { title: 'P95LOAD', width: 7, rank: 3, side: 'right' },
  { title: 'HELD', width: 6, rank: 11, side: 'right' },
  { title: 'SIZE', width: 7, rank: 7, side: 'right' },
  { title: 'INV/m', width: 6, rank: 6, side: 'right' },
  { title: 'TTL', width: 5, rank: 12, side: 'right' },
]

export function familyTable(sight: Sight): Table {
  const fleet = (sight.last?.processes ?? []).map(({ facts }) => facts)
  const rows = familyRows(fleet).map(({ name, declared, latencies, totals }) => {
    const rates = sight.rates.of(name)
    const { now, minute, always } = rates
    return [
      nameCell(name),
      countCell(now?.reads),
      { ...percent(now?.hitRatio), style: styleOf(rates, declared.hitTarget) },
      percent(minute?.hitRatio),
      percent(always.hitRatio),
      percent(now?.memoryShare),
      percent(now?.redisShare),
      countCell(now?.loads),
      timeCell(latencies.load.count > 0 ? latencies.load.p95Ms : undefined),
      countCell(totals.entries),
      sizeCell(totals.bytes),
      countCell(minute === undefined ? undefined : minute.invalidations * 60),
      timeCell(declared.ttlMs),
    ] satisfies readonly CellText[]
  })
  return {
    columns,
    rows,
    empty: sight.unpublished ?? 'No process publishes facts: openReporter of staleproof/ops does.',
  }
}

/** So far below the last minute, or below what its author wants, it is worth a look. */
const dropMin = 0.05

function styleOf(
  { now, minute }: FamilyRates,
  target: number | undefined,
): 'yellow' | 'red' | 'plain' {
  const ratio = now?.hitRatio
  if (ratio === undefined) return 'plain'
  if (target !== undefined && ratio < target) return 'red'
  return (minute?.hitRatio ?? 0) - ratio > dropMin ? 'yellow' : 'plain'
}

function percent(share: number | undefined): CellText {
  return numberCell(share, (known) => (known > 0.9995 ? '100' : (known * 100).toFixed(1)))
}
