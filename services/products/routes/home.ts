/** `/`: what there is, and to whom the data belongs. */
import type { TypedServer } from '../../process/http-server.ts'
import { attribution } from '../sample.ts'

const links = {
  products: '/products?category=en:almond-milks&search=&limit=20&offset=0',
  product: '/products/{ean}',
  productsCount: '/products/count',
  categories: '/categories',
  brands: '/brands',
  mediaOfProduct: '/products/{ean}/media',
  media: '/media/{id}',
  importSample: 'POST /imports {"source":"sample"}',
  importUpload: 'POST /imports with JSON Lines as application/x-ndjson',
  imports: '/imports',
  import: '/imports/{id}',
  code2asin: '/code2asin/{ean}',
  code2asinBatch: 'POST /code2asin/batch {"eans":[]}',
  dashboard: '/analytics/dashboard',
  dailyReport: '/analytics/daily-report',
  settings: '/settings',
  cacheDomains: '/cache/domains',
  cacheDomainsClear: 'POST /cache/domains/clear {"domain":"catalog","dry_run":true}',
  cacheDashboard: '/dashboard/',
  cacheHealth: '/health/cache',
  health: '/health',
} as const

export function addHomeRoute(app: TypedServer): void {
  app.get('/', async () => ({ service: 'products', links, attribution }))
}
