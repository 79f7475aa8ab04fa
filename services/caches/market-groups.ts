/**
 * Market groups: the markets of each event, and pages of events. Shared by all processes, and
 * bounded by Redis and by the memory of each; what a group holds changes when a market joins it,
 * leaves it, or is renamed, and at no tick of a price or a volume.
 */
import type { DeepReadonly, Key } from 'staleproof'
import type { Market } from '../domain/market.ts'
import type { MarketGroup } from '../domain/market-group.ts'
import type { MarketChange, PolycoolCache } from '../domain/writes.ts'

/** The groups that show what has changed, each once. */
export function groupKeys(cache: PolycoolCache, changes: readonly MarketChange[]): Key[] {
  const groupIds = new Set(changes.flatMap((change) => change.groupIds))
  return [...groupIds].map((groupId) => cache.marketGroup.key(groupId))
}

export interface GroupedMarket extends DeepReadonly<Market> {
  readonly label: string
}

export interface GroupView {
  readonly id: string
  readonly title: string
  readonly markets: readonly GroupedMarket[]
}

export type MarketsOf = (
  ids: readonly string[],
) => Promise<readonly (DeepReadonly<Market> | undefined)[]>

/** A group with its markets, which come in one batch. */
export async function groupView(
  { id, title, members }: DeepReadonly<MarketGroup>,
  marketsOf: MarketsOf,
): Promise<GroupView> {
  const markets = await marketsOf(members.map(({ marketId }) => marketId))
  const labelled = members.map(({ label }, index) => {
    const market = markets[index]
    return market === undefined ? undefined : { ...market, label }
  })
  return { id, title, markets: labelled.filter((market) => market !== undefined) }
}
