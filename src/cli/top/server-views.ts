/** Views 2 to 4: what the server itself is asked to do, by whom, and what took long. */

import { printable } from '../../base/printable.ts'
import type { ClientRow, CommandRow } from '../../inspect/index.ts'
import { shortCount, sizeText, timeText } from '../amounts.ts'
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
  const rows = (sight.last?.info.commands() ?? []).map((command) => {
    const { name, calls, usPerCall, failed, rejected } = command
    const of = (field: 'calls' | 'us') => (snapshot: Snapshot) => commandIn(snapshot, name)?.[field]
    const perSecond = sight.perSecond(of('calls'))
    const busy = sight.perSecond(of('us'))
    return [
      { text: printable(name.toUpperCase().replace('|', ' ')), value: name },
      shown(perSecond, shortCount),
      { text: usPerCall.toFixed(1), value: usPerCall },
      shown(busy, (us) => (us / 10_000).toFixed(2)),
      { text: shortCount(calls), value: calls },
      {
        text: shortCount(failed),
        value: failed,
        style: failed > 0 ? ('yellow' as const) : ('plain' as const),
      },
      { text: shortCount(rejected), value: rejected },
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
    const memory = sum(({ memoryBytes }) => memoryBytes ?? 0)
    const output = sum(({ outputBytes }) => outputBytes)
    const idleS = Math.min(...clients.map((client) => client.idleS))
    return [
      { text: printable(name), value: name },
      { text: String(clients.length), value: clients.length },
      { text: sizeText(memory), value: memory },
      { text: sizeText(output), value: output },
      { text: String(sum(({ subscriptions }) => subscriptions)) },
      { text: timeText(idleS * 1_000).replace(' ', ''), value: idleS },
      { text: printable(clients[0]?.user ?? '') },
      { text: printable(clients[0]?.command ?? '') },
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
      { text: printable([command, ...args].join(' ')), value: command },
      { text: timeText(amount / 1_000).replace(' ', ''), value: amount },
      { text: new Date(atMs).toISOString().slice(0, 19).replace('T', ' '), value: atMs },
      { text: printable(clientName || clientAddress) },
    ],
  )
  const empty =
    last?.slow === undefined ? 'The server does not show its slow log to us.' : 'Nothing was slow.'
  return { columns: slowColumns, rows, empty }
}

function commandIn({ info }: Snapshot, name: string): CommandRow | undefined {
  return info.commands().find((command) => command.name === name)
}

function shown(value: number | undefined, text: (value: number) => string) {
  return value === undefined ? { text: '–' } : { text: text(value), value }
}
