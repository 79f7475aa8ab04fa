/** Views 2 to 4: what the server itself is asked to do, by whom, and what took long. */

import { printable } from '../../base/printable.ts'
import type { ClientRow } from '../../inspect/index.ts'
import { countCell, nameCell, numberCell, sizeCell, textCell, timeCell } from './cells.ts'
import type { Column, Table } from './grid.ts'
import type { Sight } from './sight.ts'
import type { Snapshot } from './snapshot.ts'

const right = 'right' as const
const left = 'left' as const

const commandColumns: readonly Column[] = [
  { title: 'COMMAND', width: 16, rank: 0, side: left },
  { title: 'CALLS/s', width: 8, rank: 1, side: right },
  { title: 'µs EACH', width: 8, rank: 2, side: right },
  { title: 'BUSY%', width: 6, rank: 3, side: right },
  { title: 'CALLS', width: 7, rank: 4, side: right },
  { title: 'FAILED', width: 7, rank: 5, side: right },
  { title: 'REFUSED', width: 8, rank: 6, side: right },
]

export function commandTable(sight: Sight): Table {
  const rows = [...(sight.last?.commands.values() ?? [])].map((command) => {
    const { name, calls, usPerCall, failed, rejected } = command
    const of = (field: 'calls' | 'us') => (snapshot: Snapshot) =>
      snapshot.commands.get(name)?.[field]
    const style = failed > 0 ? ('yellow' as const) : ('plain' as const)
    return [
      { ...nameCell(name), text: printable(name.toUpperCase().replace('|', ' ')) },
      countCell(sight.perSecond(of('calls'))),
      numberCell(usPerCall, (us) => us.toFixed(1)),
      numberCell(sight.perSecond(of('us')), (us) => (us / 10_000).toFixed(2)),
      countCell(calls),
      { ...countCell(failed), style },
      countCell(rejected),
    ]
  })
  return { columns: commandColumns, rows, empty: 'The server tells no command statistics.' }
}

const clientColumns: readonly Column[] = [
  { title: 'CLIENT', width: 26, rank: 0, side: left },
  { title: 'CONNS', width: 6, rank: 1, side: right },
  { title: 'MEMORY', width: 8, rank: 2, side: right },
  { title: 'OUTPUT', width: 8, rank: 3, side: right },
  { title: 'SUBS', width: 5, rank: 4, side: right },
  { title: 'IDLE', width: 6, rank: 5, side: right },
  { title: 'USER', width: 10, rank: 6, side: left },
  { title: 'LAST', width: 12, rank: 7, side: left },
]

/** By name: one service has many connections. */
export function clientTable({ last }: Sight): Table {
  const groups = new Map<string, ClientRow[]>()
  for (const client of last?.clients ?? []) {
    const name = client.name || client.library || '(no name)'
    groups.set(name, [...(groups.get(name) ?? []), client])
  }
  const rows = [...groups].map(([name, clients]) => {
    const sum = (of: (client: ClientRow) => number) =>
      clients.reduce((all, one) => all + of(one), 0)
    const idleS = Math.min(...clients.map((client) => client.idleS))
    return [
      nameCell(name),
      numberCell(clients.length, String),
      sizeCell(sum(({ memoryBytes }) => memoryBytes ?? 0)),
      sizeCell(sum(({ outputBytes }) => outputBytes)),
      textCell(String(sum(({ subscriptions }) => subscriptions))),
      timeCell(idleS * 1_000),
      textCell(clients[0]?.user ?? ''),
      textCell(clients[0]?.command ?? ''),
    ]
  })
  return { columns: clientColumns, rows, empty: 'The server does not list its clients to us.' }
}

const slowColumns: readonly Column[] = [
  { title: 'COMMAND', width: 26, rank: 0, side: left },
  { title: 'TOOK', width: 8, rank: 1, side: right },
  { title: 'AT', width: 19, rank: 2, side: right },
  { title: 'CLIENT', width: 20, rank: 3, side: left },
]

export function slowTable({ last }: Sight): Table {
  const rows = (last?.slow ?? []).map(
    ({ command, args, amount, atMs, clientName, clientAddress }) => [
      { ...nameCell(command), text: printable([command, ...args].join(' ')) },
      timeCell(amount / 1_000),
      { text: new Date(atMs).toISOString().slice(0, 19).replace('T', ' '), value: atMs },
      textCell(clientName || clientAddress),
    ],
  )
  const empty =
    last?.slow === undefined ? 'The server does not show its slow log to us.' : 'Nothing was slow.'
  return { columns: slowColumns, rows, empty }
}
