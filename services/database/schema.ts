/** The tables as the query builder knows them; `migrations/` is what makes them. */
import { bigint, boolean, integer, numeric, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Outcome } from '../domain/price.ts'

const decimal = (name: string) => numeric(name, { mode: 'number' })
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const identity = () => integer('id').primaryKey().generatedAlwaysAsIdentity()
const sequence = () => bigint('seq', { mode: 'number' })

export const users = pgTable('users', {
  id: identity(),
  telegramId: bigint('telegram_id', { mode: 'number' }).notNull(),
  name: text('name').notNull(),
  balance: decimal('balance').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  revision: bigint('revision', { mode: 'number' }).notNull().default(0),
})

export const markets = pgTable('markets', {
  id: text('id').primaryKey(),
  conditionId: text('condition_id').notNull(),
  slug: text('slug').notNull(),
  question: text('question').notNull(),
  category: text('category').notNull(),
  groupId: text('group_id'),
  yesTokenId: text('yes_token_id').notNull(),
  noTokenId: text('no_token_id').notNull(),
  volume: decimal('volume').notNull(),
  liquidity: decimal('liquidity').notNull(),
  endsAt: instant('ends_at'),
  isActive: boolean('is_active').notNull(),
  createdAt: instant('created_at').notNull(),
})

export const prices = pgTable('prices', {
  marketId: text('market_id').primaryKey(),
  bid: decimal('bid').notNull(),
  ask: decimal('ask').notNull(),
  seq: sequence().notNull(),
  quotedAt: instant('quoted_at').notNull(),
})

export const positions = pgTable('positions', {
  id: identity(),
  userId: integer('user_id').notNull(),
  marketId: text('market_id').notNull(),
  outcome: text('outcome').$type<Outcome>().notNull(),
  size: decimal('size').notNull(),
  entryPrice: decimal('entry_price').notNull(),
  currentPrice: decimal('current_price').notNull(),
  takeProfit: decimal('take_profit'),
  stopLoss: decimal('stop_loss'),
  status: text('status').$type<'open' | 'closed'>().notNull().default('open'),
  exitPrice: decimal('exit_price'),
  copiedFrom: text('copied_from'),
  idempotencyKey: text('idempotency_key'),
  createdAt: instant('created_at').notNull().defaultNow(),
  closedAt: instant('closed_at'),
})

export const watchedAddresses = pgTable('watched_addresses', {
  address: text('address').primaryKey(),
  label: text('label').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const copiers = pgTable('copiers', {
  address: text('address').notNull(),
  userId: integer('user_id').notNull(),
  amount: decimal('amount').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const trades = pgTable('trades', {
  id: identity(),
  seq: sequence().notNull(),
  transactionHash: text('transaction_hash').notNull(),
  address: text('address').notNull(),
  marketId: text('market_id').notNull(),
  outcome: text('outcome').$type<Outcome>().notNull(),
  side: text('side').$type<'buy' | 'sell'>().notNull(),
  size: decimal('size').notNull(),
  price: decimal('price').notNull(),
  tradedAt: instant('traded_at').notNull(),
})

export const copyTrades = pgTable('copy_trades', {
  idempotencyKey: text('idempotency_key').primaryKey(),
  tradeId: integer('trade_id').notNull(),
  userId: integer('user_id').notNull(),
  amount: decimal('amount').notNull(),
  status: text('status').$type<'pending' | 'done' | 'refused' | 'failed'>().notNull(),
  attempts: integer('attempts').notNull().default(0),
  retryAt: instant('retry_at').notNull().defaultNow(),
  note: text('note'),
})

export const indexerPlaces = pgTable('indexer_places', {
  address: text('address').primaryKey(),
  seq: sequence().notNull(),
})
