/**
 * The second catalog: that of the Products Manager, with a namespace of its own on the same Redis.
 * The only place where one of its keys is written down. What a domain holds is either loaded by a
 * source, or written by `set` into the one family of the domain that nobody loads.
 */
import { type Cache, type Catalog, defineCatalog, family } from 'staleproof'
import { z } from 'zod'
import { dailyReportSchema, dashboardSchema } from './analytics.ts'
import { appSettingsSchema } from './app-settings.ts'
import { domains } from './domain.ts'
import { importJobSchema } from './import-job.ts'
import { mappingSchema } from './mapping.ts'
import { mediaSchema } from './media.ts'
import { namedCountSchema, productPageSchema, productSchema } from './product.ts'

/** Where the environment says nothing of `REDIS_CACHE_TTL`. */
export const defaultTtlSeconds = 3_600

/** A value that somebody set, and when: the later one stays. */
const writtenSchema = z.object({ order: z.number().int().nonnegative(), data: z.unknown() })
const written = {
  value: writtenSchema,
  setOnly: true,
  order: ({ order }: { readonly order: number }) => order,
} as const

const { catalog, media, imports, code2asin, analytics } = domains

function families(defaultTtlMs: number) {
  return {
    productsCount: family('catalog_products_count', {
      value: z.number().int(),
      ttl: catalog.ttlMs,
    }),
    product: family('catalog_product_{code}', {
      value: productSchema,
      ttl: catalog.ttlMs,
      negativeTtl: '1m',
    }),
    productPage: family('catalog_products_{category}_{search}_{limit:int}_{offset:int}', {
      value: productPageSchema,
      ttl: catalog.ttlMs,
      tagBy: ['category'],
    }),
    categories: family('catalog_categories', {
      value: z.array(namedCountSchema),
      ttl: catalog.ttlMs,
    }),
    brands: family('catalog_brands', { value: z.array(namedCountSchema), ttl: catalog.ttlMs }),
    catalogValue: family('catalog_value_{name}', { ...written, ttl: catalog.ttlMs }),
    mediaFile: family('media_file_{fileId}', {
      value: mediaSchema,
      ttl: media.ttlMs,
      negativeTtl: '1m',
    }),
    mediaOfProduct: family('media_product_{code}', {
      value: z.array(mediaSchema),
      ttl: media.ttlMs,
    }),
    mediaValue: family('media_value_{name}', { ...written, ttl: media.ttlMs }),
    importStatus: family('imports_job_status_{jobId}', {
      value: importJobSchema,
      ttl: imports.ttlMs,
      negativeTtl: '1m',
    }),
    latestImports: family('imports_latest', {
      value: z.array(importJobSchema),
      ttl: imports.ttlMs,
    }),
    importsValue: family('imports_value_{name}', { ...written, ttl: imports.ttlMs }),
    /** Most of what a marketplace does not have today it does not have in an hour either. */
    mapping: family('code2asin_mapping_{ean}', {
      value: mappingSchema,
      ttl: code2asin.ttlMs,
      negativeTtl: '1h',
    }),
    code2asinValue: family('code2asin_value_{name}', { ...written, ttl: code2asin.ttlMs }),
    dashboardStats: family('analytics_dashboard_stats', {
      value: dashboardSchema,
      ttl: analytics.ttlMs,
    }),
    dailyReport: family('analytics_daily_report', {
      value: dailyReportSchema,
      ttl: analytics.ttlMs,
    }),
    analyticsValue: family('analytics_value_{name}', { ...written, ttl: analytics.ttlMs }),
    appSettings: family('default_app_settings', { value: appSettingsSchema, ttl: defaultTtlMs }),
    defaultValue: family('default_value_{name}', { ...written, ttl: defaultTtlMs }),
  }
}

export type ProductsFamilies = ReturnType<typeof families>
export type ProductsCatalog = Catalog<ProductsFamilies>
export type ProductsCache = Cache<ProductsFamilies>

export function productsCatalog(defaultTtlMs: number = defaultTtlSeconds * 1_000): ProductsCatalog {
  return defineCatalog('products', families(defaultTtlMs))
}
