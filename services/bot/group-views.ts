/** Shows events: a page of them, and the markets of one. */
import type { DeepReadonly } from 'staleproof'
import type { GroupSummary } from '../domain/market-group.ts'
import type { Price } from '../domain/price.ts'
import type { OpenedGroup } from './api-client.ts'
import { cents, escapeHtml, shortened } from './html.ts'
import { labelLengthMax } from './market-views.ts'
import { turnButtons } from './turn-buttons.ts'
import type { Button, View } from './view.ts'

/** More would not fit into one message. */
const membersShown = 20

export function groupListView(groups: readonly DeepReadonly<GroupSummary>[], page: number): View {
  const lines = groups.map(({ title, markets }) => `${escapeHtml(title)} · ${markets} markets`)
  const body = lines.length === 0 ? 'There are no events here.' : lines.join('\n')
  return {
    text: `<b>Events</b>, page ${page + 1}\n\n${body}`,
    rows: [
      ...groups.map(({ id, title }): Button[] => [
        { label: shortened(title, labelLengthMax), action: { kind: 'group', groupId: id } },
      ]),
      turnButtons({ page, count: groups.length }, (to) => ({ kind: 'groups', page: to })),
    ],
  }
}

export function groupView(
  { title, markets }: OpenedGroup,
  prices: ReadonlyMap<string, DeepReadonly<Price>>,
): View {
  const shown = markets.slice(0, membersShown)
  const lines = shown.map(({ id, label }) => {
    const price = prices.get(id)
    return `${escapeHtml(label)}${price === undefined ? '' : ` · yes ${cents(price.mid)}`}`
  })
  const rest = markets.length - shown.length
  const tail = rest > 0 ? [`… and ${rest} more`] : []
  return {
    text: [`<b>${escapeHtml(title)}</b>\n`, ...lines, ...tail].join('\n'),
    rows: shown.map(({ id, label }): Button[] => [
      { label: shortened(label, labelLengthMax), action: { kind: 'market', marketId: id } },
    ]),
  }
}
