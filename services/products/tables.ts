/** The tables of this service as the query builder knows them; `migrations/` is what makes them. */
import { integer, jsonb, numeric, pgSchema, text, timestamp } from 'drizzle-orm/pg-core'
import type { AppSettings } from './app-settings.ts'
import type { ImportError, ImportJob } from './import-job.ts'
import type { Mapping } from './mapping.ts'
import type { MediaKind } from './media.ts'
import type { Product } from './product.ts'

const own = pgSchema('products')
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const amount = (name: string) => numeric(name, { mode: 'number' })
const counted = (name: string) => integer(name).notNull().default(0)

export const products = own.table('products', {
  code: text('code').primaryKey(),
  name: text('name').notNull(),
  brands: jsonb('brands').$type<readonly string[]>().notNull(),
  quantity: text('quantity'),
  categories: jsonb('categories').$type<readonly string[]>().notNull(),
  nutritionGrade: text('nutrition_grade').$type<Product['nutritionGrade']>(),
  novaGroup: integer('nova_group'),
  energyKj: amount('energy_kj'),
  fatG: amount('fat_g'),
  sugarsG: amount('sugars_g'),
  proteinsG: amount('proteins_g'),
  saltG: amount('salt_g'),
  createdAt: instant('created_at').notNull(),
  modifiedAt: instant('modified_at').notNull(),
})

export const media = own.table('media', {
  id: text('id').primaryKey(),
  productCode: text('product_code').notNull(),
  kind: text('kind').$type<MediaKind>().notNull(),
  url: text('url').notNull(),
  format: text('format').notNull(),
  language: text('language'),
  revision: integer('revision'),
  sizePixels: integer('size_pixels'),
})

export const mappings = own.table('mappings', {
  ean: text('ean').primaryKey(),
  asins: jsonb('asins').$type<readonly string[]>().notNull(),
  origin: text('origin').$type<Mapping['origin']>().notNull(),
})

export const importJobs = own.table('import_jobs', {
  id: text('id').primaryKey(),
  idempotencyKey: text('idempotency_key'),
  source: text('source').$type<ImportJob['source']>().notNull(),
  /** What was uploaded, until the job has ended. */
  input: text('input'),
  state: text('state').$type<ImportJob['state']>().notNull().default('queued'),
  rowsTotal: integer('rows_total'),
  rowsDone: counted('rows_done'),
  created: counted('created'),
  updated: counted('updated'),
  unchanged: counted('unchanged'),
  rejected: counted('rejected'),
  errors: jsonb('errors').$type<readonly ImportError[]>().notNull().default([]),
  failure: text('failure'),
  attempts: counted('attempts'),
  /** Whoever has this token works on the job, until the time is over. */
  claim: text('claim'),
  claimedUntil: instant('claimed_until'),
  queuedAt: instant('queued_at').notNull().defaultNow(),
  startedAt: instant('started_at'),
  finishedAt: instant('finished_at'),
})

export const settings = own.table('settings', {
  name: text('name').primaryKey(),
  value: jsonb('value').$type<AppSettings>().notNull(),
})
