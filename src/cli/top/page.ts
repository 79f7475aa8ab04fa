/** The whole page of a moment, for a screen or for paper. */

import { familyTable } from './family-view.ts'
import type { Line } from './frame.ts'
import { gridLinesOf, type Table } from './grid.ts'
import { headerLines, type Shown } from './header.ts'
import { clientTable, commandTable, slowTable } from './server-views.ts'
import type { Sight } from './sight.ts'
import { invalidationTable, keyTable } from './use-views.ts'
import { type ViewName, type ViewState, viewNames } from './view-state.ts'

const tables: Readonly<Record<ViewName, (sight: Sight) => Table>> = {
  families: familyTable,
  commands: commandTable,
  clients: clientTable,
  slowlog: slowTable,
  invalidations: invalidationTable,
  keys: keyTable,
}
/** Above the table: the header; below it: the views. */
const otherRows = 4

export interface Paper {
  readonly columns: number
  readonly rows: number
}

export function pageLines(shown: Shown, { columns, rows }: Paper): readonly Line[] {
  const { sight, state } = shown
  const room = Math.max(2, rows - otherRows)
  const table = state.isHelp ? helpLines : tableLines(sight, state, { columns, rows: room })
  const body = Array.from({ length: room }, (_, at) => table[at] ?? [])
  return [...headerLines(shown, columns), ...body, footer(state)]
}

/** All of it, however many rows that takes. */
export function tableLines(sight: Sight, state: ViewState, paper: Paper): readonly Line[] {
  const { sort, isReversed, filter } = state
  return gridLinesOf(tables[state.view](sight), { sort, isReversed, filter, ...paper })
}

function footer(state: ViewState): Line {
  if (state.typing !== undefined) return [{ text: ` /${state.typing}▏`, style: 'yellow' }]
  const views = viewNames.flatMap((name, at): Line => {
    const style = name === state.view ? 'inverse' : 'dim'
    return [{ text: ` ${at + 1} ${name} `, style }]
  })
  return state.filter === '' ? views : [...views, { text: `  /${state.filter}`, style: 'yellow' }]
}

const helpLines: readonly Line[] = [
  [{ text: '  1 … 6   the view: families, commands, clients, slow log, …' }],
  [{ text: '  s       sort by the next column        r   the other way round' }],
  [{ text: '  /       filter by a text; Esc ends it' }],
  [{ text: '  space   pause                          + -  read less, or more often' }],
  [{ text: '  q       quit' }],
  [],
  [
    {
      text: '  GETS/s, HIT%, L1%, L2% and LOADS are of the last seconds, 1MIN of the last minute,',
    },
  ],
  [{ text: '  ALL since the processes started. L1 is memory, L2 Redis. A hit ratio is red below' }],
  [{ text: '  what its family wants, yellow where it has fallen by 5 points.' }],
  [],
  [{ text: '  Any key goes back.', style: 'dim' }],
]
