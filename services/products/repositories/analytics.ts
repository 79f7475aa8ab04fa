/** What the dashboard shows: one statement each, so that its numbers are of one moment. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Queryable } from '../../database/connection.ts'
import {
  type DailyReport,
  type Dashboard,
  dailyReportSchema,
  dashboardSchema,
} from '../analytics.ts'

const namesShown = 10
const daysShown = 14

/** The commonest elements of a column that holds lists. */
const commonest = (column: ReturnType<typeof sql>) => sql`
  (select coalesce(json_agg(counted), '[]') from (
    select one.name, count(*) as products
    from products.products, jsonb_array_elements_text(${column}) as one (name)
    group by one.name order by count(*) desc, one.name limit ${namesShown}) counted)`

export async function dashboardStats(database: Queryable): Promise<Dashboard> {
  const { rows } = await database.execute(sql`
    select json_build_object(
      'products', (select count(*) from products.products),
      'withPicture', (select count(distinct product_code) from products.media),
      'withAsin', (select count(*) from products.products join products.mappings on ean = code
        where asins <> '[]'),
      'brands', ${commonest(sql`brands`)},
      'categories', ${commonest(sql`categories`)},
      'nutritionGrades', (select coalesce(json_agg(counted), '[]') from (
        select nutrition_grade as name, count(*) as products from products.products
        where nutrition_grade is not null group by 1 order by 1) counted),
      'means', (select json_build_object(
        'energyKj', round(avg(energy_kj), 1), 'fatG', round(avg(fat_g), 2),
        'sugarsG', round(avg(sugars_g), 2), 'proteinsG', round(avg(proteins_g), 2),
        'saltG', round(avg(salt_g), 2)) from products.products),
      'imports', (select json_build_object(
        'queued', count(*) filter (where state = 'queued'),
        'running', count(*) filter (where state = 'running'),
        'done', count(*) filter (where state = 'done'),
        'failed', count(*) filter (where state = 'failed')) from products.import_jobs)
    ) as answer`)
  return dashboardSchema.parse(rows[0]?.answer)
}

/** The day of which the report is now. */
export async function reportDay(database: Queryable): Promise<string | undefined> {
  const { rows } = await database.execute<{ day: string }>(
    sql`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD') as day`,
  )
  return rows[0]?.day
}

/** The last days, today first; days on which nothing happened included. */
export async function dailyReport(database: Queryable): Promise<DailyReport> {
  const { rows } = await database.execute(sql`
    with days as (
      select generate_series(0, ${daysShown - 1}::integer) as ago
    ), bounds as (
      select date_trunc('day', now(), 'UTC') - ago * interval '24 hours' as begins from days
    )
    select to_char(begins at time zone 'UTC', 'YYYY-MM-DD') as day,
      (select count(*)::integer from products.import_jobs where state = 'done'
        and finished_at >= begins and finished_at < begins + interval '24 hours') as imports,
      (select coalesce(sum(created + updated), 0)::integer from products.import_jobs
        where queued_at >= begins and queued_at < begins + interval '24 hours') as "rowsImported",
      (select coalesce(sum(rejected), 0)::integer from products.import_jobs
        where queued_at >= begins and queued_at < begins + interval '24 hours') as "rowsRejected",
      (select count(*)::integer from products.products
        where modified_at >= begins and modified_at < begins + interval '24 hours')
        as "productsChanged"
    from bounds order by begins desc`)
  return z.array(z.unknown()).pipe(dailyReportSchema).parse(rows)
}
