/**
 * Which rows make which keys old: the one place that says it. Triggers write what changes into an
 * outbox, whoever changes it, and this service tells the cache itself right after its commits.
 * Both ask this table, so that neither can forget what the other knows.
 */
import { mapTables, type TableMap, type Target } from 'staleproof/postgres'
import { z } from 'zod'
import { productsCatalog } from './catalog.ts'

export const productsTable = 'products.products'
export const mediaTable = 'products.media'
export const mappingsTable = 'products.mappings'
export const importJobsTable = 'products.import_jobs'
export const settingsTable = 'products.settings'

const categoriesSchema = z.array(z.string())

/** Every change shows on the dashboard. */
const dashboard = ['dashboardStats', 'dailyReport'] as const

export const changes: TableMap = mapTables(productsCatalog(), {
  [productsTable]: {
    columns: { code: 'string', categories: 'string' },
    families: ['product', 'productPage', 'productsCount', 'categories', 'brands', ...dashboard],
    touches: ({ code, categories }, { key, tag }) => [
      key.product(code),
      key.productsCount(),
      key.categories(),
      key.brands(),
      key.dashboardStats(),
      key.dailyReport(),
      // The pages of its categories and, without one, of all products.
      ...['', ...categoriesSchema.parse(JSON.parse(categories))].map((one) => tag(pageTag(one))),
    ],
  },
  [mediaTable]: {
    columns: { id: 'string', product_code: 'string' },
    families: ['mediaFile', 'mediaOfProduct', ...dashboard],
    touches: ({ id, product_code }, { key }) => [
      key.mediaFile(id),
      key.mediaOfProduct(product_code),
      key.dashboardStats(),
      key.dailyReport(),
    ],
  },
  [mappingsTable]: {
    columns: { ean: 'string' },
    families: ['mapping', ...dashboard],
    touches: ({ ean }, { key }) => [key.mapping(ean), key.dashboardStats(), key.dailyReport()],
  },
  [importJobsTable]: {
    columns: { id: 'string' },
    families: ['importStatus', 'latestImports', ...dashboard],
    touches: ({ id }, { key }) => [
      key.importStatus(id),
      key.latestImports(),
      key.dashboardStats(),
      key.dailyReport(),
    ],
  },
  [settingsTable]: {
    columns: { name: 'string' },
    families: ['appSettings'],
    touches: (_, { key }) => key.appSettings(),
  },
})

/** A row that was written: its table, and the columns that the table above asks for. */
export interface RowChange {
  readonly table: string
  readonly row: Readonly<Record<string, string>>
}

export function productRow({
  code,
  categories,
}: {
  readonly code: string
  readonly categories: readonly string[]
}): RowChange {
  return { table: productsTable, row: { code, categories: JSON.stringify(categories) } }
}

export function mediaRow(media: { readonly id: string; readonly productCode: string }): RowChange {
  return { table: mediaTable, row: { id: media.id, product_code: media.productCode } }
}

export function importJobRow(id: string): RowChange {
  return { table: importJobsTable, row: { id } }
}

export function mappingRow(ean: string): RowChange {
  return { table: mappingsTable, row: { ean } }
}

export function settingsRow(name: string): RowChange {
  return { table: settingsTable, row: { name } }
}

export function targetsOf(rows: readonly RowChange[]): readonly Target[] {
  return rows.flatMap(({ table, row }) => {
    const rule = changes.tables.get(table)
    if (rule === undefined) throw new RangeError(`expected a table of the mapping, got ${table}`)
    return rule.touches(row)
  })
}

/** As the cache names it by `tagBy`. */
function pageTag(category: string): string {
  return `category:${category}`
}
