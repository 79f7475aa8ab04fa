/** Shows what became of a trader's trades, and whose trades can be copied. */
import type { DeepReadonly } from 'staleproof'
import type { Leader } from '../domain/leader.ts'
import type { UserStats } from '../domain/user-stats.ts'
import {
  dollars,
  escapeHtml,
  percent,
  roundDollars,
  shortened,
  signedDollars,
  utc,
} from './html.ts'
import type { Button, View } from './view.ts'

/** US dollars for each trade that is copied. */
export const copyAmount = 10
const nameLengthMax = 24

export function statsView(stats: DeepReadonly<UserStats> | undefined): View {
  const rows: Button[][] = [[{ label: 'Positions', action: { kind: 'positions' } }]]
  if (stats === undefined || stats.lastTradeAt === null) {
    return { text: '<b>Your results</b>\n\nYou have not traded yet. /markets shows where.', rows }
  }
  const { realisedProfit, unrealisedProfit, winRate } = stats
  const closed = winRate === null ? '' : ` · ${percent(winRate)} won`
  const lines = [
    `Profit and loss: <b>${signedDollars(realisedProfit + unrealisedProfit)}</b>`,
    `Of sales ${signedDollars(realisedProfit)} · still open ${signedDollars(unrealisedProfit)}`,
    `${stats.openPositions} open · ${stats.closedPositions} sold${closed}`,
    `Traded ${dollars(stats.volume)} · last ${utc(stats.lastTradeAt)}`,
  ]
  return { text: ['<b>Your results</b>\n', ...lines].join('\n'), rows }
}

export function leadersView(leaders: readonly Leader[]): View {
  const lines = leaders.map(
    ({ rank, label, profit, volume, trades }) =>
      `${rank}. ${escapeHtml(shortened(label, nameLengthMax))} · <b>${signedDollars(profit)}</b>` +
      ` · ${trades} trades, ${roundDollars(volume)}`,
  )
  const body = lines.length === 0 ? 'Nobody is watched yet.' : lines.join('\n')
  return {
    text: `<b>Leaders</b>\n\n${body}\n\nCopying buys for ${dollars(copyAmount)} when they buy.`,
    rows: leaders.map(({ label, address }): Button[] => [
      { label: `Copy ${shortened(label, nameLengthMax)}`, action: { kind: 'copy', address } },
      { label: 'Stop', action: { kind: 'uncopy', address } },
    ]),
  }
}
