/** Shows how the pool of this process is used; only where an administrator token is set. */
import { adminGuard } from '../process/admin-token.ts'
import type { TypedServer } from '../process/http-server.ts'
import type { Database } from './connection.ts'
import type { PoolUse } from './pool.ts'

export function addDatabaseRoute(
  app: TypedServer,
  adminToken: string | undefined,
  database: Database,
): void {
  if (adminToken === undefined) return
  const onRequest = adminGuard(adminToken)
  app.get('/debug/database', { onRequest }, () => database.$client.use)
}

/** For the details of `/health`. */
export function usedBy(database: Database): { readonly database: PoolUse } {
  return { database: database.$client.use }
}
