/** The buttons that turn the pages of a list. */
import { marketPageSize, marketPagesMax } from '../domain/market.ts'
import type { Action } from './actions.ts'
import type { Button } from './view.ts'

export interface ShownPage {
  readonly page: number
  /** How many it shows. */
  readonly count: number
}

export function turnButtons({ page, count }: ShownPage, to: (page: number) => Action): Button[] {
  const isLast = count < marketPageSize || page + 1 >= marketPagesMax
  const back = { label: '‹ Back', action: to(page - 1) }
  const more = { label: 'More ›', action: to(page + 1) }
  return [...(page > 0 ? [back] : []), ...(isLast ? [] : [more])]
}
