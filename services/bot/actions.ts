/**
 * What a button does, as the text that Telegram carries for it: at most 64 bytes. A button with a
 * longer text would be refused together with its whole message, so it is left out.
 */
import { walletSchema } from '../domain/leader.ts'
import { type MarketOrder, marketOrders, marketPagesMax } from '../domain/market.ts'
import type { Outcome } from '../domain/price.ts'

export type LimitKind = 'takeProfit' | 'stopLoss'

export type Action =
  | { readonly kind: 'list'; readonly order: MarketOrder; readonly page: number }
  | { readonly kind: 'find'; readonly page: number; readonly query: string }
  | { readonly kind: 'groups'; readonly page: number }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'market'; readonly marketId: string }
  | {
      readonly kind: 'buy'
      readonly outcome: Outcome
      readonly amount: number
      readonly marketId: string
    }
  | { readonly kind: 'positions' }
  | { readonly kind: 'position'; readonly positionId: number }
  | { readonly kind: 'sell'; readonly positionId: number }
  /** A price between 0 and 1. */
  | {
      readonly kind: 'limit'
      readonly limit: LimitKind
      readonly price: number
      readonly positionId: number
    }
  | { readonly kind: 'unlimit'; readonly positionId: number }
  | { readonly kind: 'stats' }
  | { readonly kind: 'leaders' }
  | { readonly kind: 'copy'; readonly address: string }
  | { readonly kind: 'uncopy'; readonly address: string }

const bytesMax = 64
const limitKinds: readonly LimitKind[] = ['takeProfit', 'stopLoss']

/** `undefined` where the text would be too long. */
export function encodeAction(action: Action): string | undefined {
  const text = [action.kind, ...fieldsOf(action)].join(':')
  return Buffer.byteLength(text) > bytesMax ? undefined : text
}

/** What may contain a colon comes last. */
function fieldsOf(action: Action): readonly (string | number)[] {
  switch (action.kind) {
    case 'list':
      return [action.order, action.page]
    case 'find':
      return [action.page, action.query]
    case 'groups':
      return [action.page]
    case 'group':
      return [action.groupId]
    case 'market':
      return [action.marketId]
    case 'buy':
      return [action.outcome, action.amount, action.marketId]
    case 'position':
    case 'sell':
    case 'unlimit':
      return [action.positionId]
    case 'limit':
      return [action.limit, action.price, action.positionId]
    case 'copy':
    case 'uncopy':
      return [action.address]
    case 'positions':
    case 'stats':
    case 'leaders':
      return []
  }
}

/** `undefined` for what is no action: old buttons of earlier versions, or made-up ones. */
export function decodeAction(text: string): Action | undefined {
  const [kind, ...fields] = text.split(':')
  const [first = '', second = '', third = ''] = fields
  switch (kind) {
    case 'list':
      return listAction(first, second)
    case 'find':
      return findAction(first, fields.slice(1).join(':'))
    case 'groups':
      return isPage(first) ? { kind, page: Number(first) } : undefined
    case 'group':
      return { kind, groupId: fields.join(':') }
    case 'market':
      return { kind, marketId: fields.join(':') }
    case 'buy':
      return buyAction(first, second, fields.slice(2).join(':'))
    case 'position':
    case 'sell':
    case 'unlimit':
      return isPositionId(first) ? { kind, positionId: Number(first) } : undefined
    case 'limit':
      return limitAction(first, second, third)
    case 'copy':
    case 'uncopy':
      return walletSchema.safeParse(first).success ? { kind, address: first } : undefined
    case 'positions':
    case 'stats':
    case 'leaders':
      return { kind }
    default:
      return undefined
  }
}

function listAction(orderText: string, page: string): Action | undefined {
  const order = marketOrders.find((known) => known === orderText)
  return order !== undefined && isPage(page)
    ? { kind: 'list', order, page: Number(page) }
    : undefined
}

function findAction(page: string, query: string): Action | undefined {
  return isPage(page) && query !== '' ? { kind: 'find', page: Number(page), query } : undefined
}

function buyAction(outcome: string, amountText: string, marketId: string): Action | undefined {
  const amount = Number(amountText)
  if (outcome !== 'yes' && outcome !== 'no') return undefined
  if (!(amount > 0) || marketId === '') return undefined
  return { kind: 'buy', outcome, amount, marketId }
}

function limitAction(limitText: string, priceText: string, id: string): Action | undefined {
  const limit = limitKinds.find((known) => known === limitText)
  const price = Number(priceText)
  if (limit === undefined || !(price > 0 && price < 1) || !isPositionId(id)) return undefined
  return { kind: 'limit', limit, price, positionId: Number(id) }
}

function isPage(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) < marketPagesMax
}

function isPositionId(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}
