/** Views 5 and 6: invalidations as they happen, and the keys that are read most. */

import { serviceOf } from '../../core/origin.ts'
import { kindOf, whatOf } from '../tail/tail-line.ts'
import { countCell, nameCell, textCell } from './cells.ts'
import type { Column, Table } from './grid.ts'
import type { Sight } from './sight.ts'

const invalidationColumns: readonly Column[] = [
  { title: 'WHAT', width: 26, rank: 0, side: 'left' },
  { title: 'KIND', width: 8, rank: 1, side: 'left' },
  { title: 'FROM', width: 12, rank: 2, side: 'left' },
  { title: 'WHY', width: 22, rank: 4, side: 'left' },
  { title: 'AT', width: 12, rank: 3, side: 'right' },
]

/** The newest first, unless it is sorted otherwise. */
export function invalidationTable({ messages }: Sight): Table {
  const rows = messages.map((message) => [
    { text: whatOf(message) },
    { text: kindOf(message) },
    textCell(serviceOf(message.origin)),
    { ...textCell(message.reason), style: 'dim' as const },
    {
      text: new Date(message.serverMicros / 1_000).toISOString().slice(11, 23),
      value: message.serverMicros,
    },
  ])
  return { columns: invalidationColumns, rows, empty: 'Nothing was invalidated since this began.' }
}

const keyColumns: readonly Column[] = [
  { title: 'KEY', width: 26, rank: 0, side: 'left' },
  { title: 'READS', width: 8, rank: 1, side: 'right' },
  { title: '±', width: 6, rank: 3, side: 'right' },
  { title: 'FAMILY', width: 16, rank: 2, side: 'left' },
  { title: 'SERVICE', width: 14, rank: 4, side: 'left' },
]

/** As each process estimates its own; of a sensitive family the ids are hidden. */
export function keyTable({ last, unpublished }: Sight): Table {
  const rows = (last?.processes ?? []).flatMap(({ facts: { service, usedKeys } }) =>
    usedKeys.map(({ key, reads, error, family }) => [
      nameCell(key),
      countCell(reads),
      countCell(error),
      nameCell(family),
      nameCell(service),
    ]),
  )
  const empty = unpublished ?? 'No process tells which keys are read most.'
  return { columns: keyColumns, rows, empty }
}
