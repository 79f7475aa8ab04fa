/** Groups of markets as readers ask for them: the events that several markets belong to. */
import { asc, count, desc, gte, inArray, isNotNull, sql, sum } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import {
  type GroupedQuestion,
  type GroupSummary,
  groupOf,
  listedMembersMin,
  type MarketGroup,
  partsOf,
} from '../../domain/market-group.ts'

/** Aligned with `groupIds`; `undefined` where no market names the group. One query. */
export async function groupsByIds(
  database: Queryable,
  groupIds: readonly string[],
): Promise<(MarketGroup | undefined)[]> {
  const rows = await database
    .select({ groupId: markets.groupId, marketId: markets.id, question: markets.question })
    .from(markets)
    .where(inArray(markets.groupId, [...groupIds]))
    .orderBy(asc(markets.id))
  const members = new Map<string | null, GroupedQuestion[]>(groupIds.map((id) => [id, []]))
  for (const { groupId, ...member } of rows) members.get(groupId)?.push(member)
  return groupIds.map((id) => groupOf(id, members.get(id) ?? []))
}

export interface GroupPage {
  readonly limit: number
  readonly offset: number
}

/** Events in which several markets are active, those with the greatest volume first. */
export async function groupPage(database: Queryable, page: GroupPage): Promise<GroupSummary[]> {
  const active = sql`filter (where ${markets.isActive})`
  const activeCount = sql<number>`(${count()} ${active})::integer`
  const rows = await database
    .select({
      id: sql<string>`${markets.groupId}`,
      question: sql<string>`(array_agg(${markets.question} order by ${markets.id}))[1]`,
      markets: activeCount,
    })
    .from(markets)
    .where(isNotNull(markets.groupId))
    .groupBy(markets.groupId)
    .having(gte(activeCount, listedMembersMin))
    .orderBy(desc(sum(markets.volume)), asc(markets.groupId))
    .limit(page.limit)
    .offset(page.offset)
  return rows.map(({ question, ...group }) => ({ ...group, title: partsOf(question).title }))
}
