/** What the routes of the API work with. */

import type { SearchCache } from '../caches/search-cache.ts'
import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import type { ServiceLogger } from '../process/logger.ts'

export interface ApiServices {
  readonly cache: PolycoolCache
  readonly search: SearchCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
}
