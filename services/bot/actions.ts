/**
 * What a button does, as the text that Telegram carries for it: at most 64 bytes. A button with a
 * longer text would be refused together with its whole message, so it is left out.
 */
import { type MarketOrder, marketOrders, marketPagesMax } from '../domain/market.ts'
import type { Outcome } from '../domain/price.ts'

export type Action =
  | { readonly kind: 'list'; readonly order: MarketOrder; readonly page: number }
  | { readonly kind: 'market'; readonly marketId: string }
  | {
      readonly kind: 'buy'
      readonly outcome: Outcome
      readonly amount: number
      readonly marketId: string
    }
  | { readonly kind: 'positions' }
  | { readonly kind: 'sell'; readonly positionId: number }

const bytesMax = 64

/** `undefined` where the text would be too long. */
export function encodeAction(action: Action): string | undefined {
  const text = textOf(action)
  return Buffer.byteLength(text) > bytesMax ? undefined : text
}

/** `undefined` for what is no action: old buttons of earlier versions, or made-up ones. */
export function decodeAction(text: string): Action | undefined {
  const [kind, ...fields] = text.split(':')
  const [first = '', second = ''] = fields
  switch (kind) {
    case 'list':
      return listAction(first, second)
    case 'market':
      return { kind, marketId: fields.join(':') }
    case 'buy':
      return buyAction(first, second, fields.slice(2).join(':'))
    case 'positions':
      return { kind }
    case 'sell':
      return /^\d{1,10}$/.test(first) ? { kind, positionId: Number(first) } : undefined
    default:
      return undefined
  }
}

function textOf(action: Action): string {
  switch (action.kind) {
    case 'list':
      return `list:${action.order}:${action.page}`
    case 'market':
      return `market:${action.marketId}`
    case 'buy':
      return `buy:${action.outcome}:${action.amount}:${action.marketId}`
    case 'positions':
      return 'positions'
    case 'sell':
      return `sell:${action.positionId}`
  }
}

function listAction(orderText: string, pageText: string): Action | undefined {
  const order = marketOrders.find((known) => known === orderText)
  const page = Number(pageText)
  const isPage = Number.isInteger(page) && page >= 0 && page < marketPagesMax
  return order !== undefined && isPage ? { kind: 'list', order, page } : undefined
}

function buyAction(outcome: string, amountText: string, marketId: string): Action | undefined {
  const amount = Number(amountText)
  if (outcome !== 'yes' && outcome !== 'no') return undefined
  if (!(amount > 0) || marketId === '') return undefined
  return { kind: 'buy', outcome, amount, marketId }
}
