/**
 * The markets of one event. A group holds ids and labels alone: the markets themselves are in
 * their own family, so that a change of one of them leaves its group as it is.
 */
import { z } from 'zod'
import { marketBatchMax } from './market.ts'

export const marketGroupSchema = z.object({
  id: z.string(),
  /** What all of its markets ask. */
  title: z.string(),
  /** By the ids of the markets. */
  members: z.array(z.object({ marketId: z.string(), label: z.string() })).max(marketBatchMax),
})
export type MarketGroup = z.infer<typeof marketGroupSchema>

export const groupSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Number of its active markets. */
  markets: z.number().int(),
})
export type GroupSummary = z.infer<typeof groupSummarySchema>

/** A group is listed from so many active markets on. */
export const listedMembersMin = 2

export interface QuestionParts {
  /** What the whole event asks. */
  readonly title: string
  /** The choice that this market stands for. */
  readonly label: string
}

/** An import appends the choice in brackets; a question without one is its own label. */
export function partsOf(question: string): QuestionParts {
  const [, title, label] = /^(.+) \(([^()]+)\)$/.exec(question) ?? []
  return title === undefined || label === undefined
    ? { title: question, label: question }
    : { title, label }
}

export interface GroupedQuestion {
  readonly marketId: string
  readonly question: string
}

/**
 * The group of these markets, which come in the order of their ids; `undefined` of none. A market
 * that asks something else than the first keeps its whole question as its label.
 */
export function groupOf(id: string, markets: readonly GroupedQuestion[]): MarketGroup | undefined {
  const [first] = markets
  if (first === undefined) return undefined
  const { title } = partsOf(first.question)
  const members = markets.slice(0, marketBatchMax).map(({ marketId, question }) => {
    const parts = partsOf(question)
    return { marketId, label: parts.title === title ? parts.label : question }
  })
  return { id, title, members }
}
