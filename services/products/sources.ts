/** Where this service's cache gets its values: the database. */
import type { Sources } from 'staleproof'
import type { Database } from '../database/connection.ts'
import type { ProductsFamilies } from './catalog.ts'
import { dailyReport, dashboardStats } from './repositories/analytics.ts'
import { readAppSettings } from './repositories/app-settings.ts'
import { importById, latestImports } from './repositories/imports.ts'
import { mappingsByEans } from './repositories/mappings.ts'
import { mediaByIds, mediaOfProduct } from './repositories/media.ts'
import {
  brandsWithCounts,
  categoriesWithCounts,
  countProducts,
  productPage,
  productsByCodes,
} from './repositories/products.ts'

export function productsSources(database: Database): Sources<ProductsFamilies> {
  return {
    productsCount: () => countProducts(database),
    product: { many: (codes) => productsByCodes(database, codes) },
    productPage: (page) => productPage(database, page),
    categories: () => categoriesWithCounts(database),
    brands: () => brandsWithCounts(database),
    mediaFile: { many: (ids) => mediaByIds(database, ids) },
    mediaOfProduct: (code) => mediaOfProduct(database, code),
    importStatus: (jobId) => importById(database, jobId),
    latestImports: () => latestImports(database),
    mapping: { many: (eans) => mappingsByEans(database, eans) },
    dashboardStats: () => dashboardStats(database),
    dailyReport: () => dailyReport(database),
    appSettings: () => readAppSettings(database),
  }
}
