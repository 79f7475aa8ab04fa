/**
 * The administration of the caches of a service: what it tells the other services, and the API and
 * the page that show all of them. Tokens open it; without any it does not exist but for
 * `/health/cache`, which is for everybody.
 */
import { createHash } from 'node:crypto'
import type { CacheMethods } from 'staleproof'
import { cacheAdmin } from 'staleproof/fastify'
import {
  type InspectionTarget,
  type OpsToken,
  openOps,
  openReporter,
  type Role,
} from 'staleproof/ops'
import type { TaskReport, Warmer } from 'staleproof/warm'
import type { Closing } from './closing.ts'
import type { TypedServer } from './http-server.ts'
import type { ServiceLogger } from './logger.ts'
import type { RedisTarget } from './redis-target.ts'
import type { ServiceParts } from './reporter-parts.ts'

/** Of the caches of the reference system, which share one Redis. */
const namespaces = ['polycool', 'products']

/** What a service is given about those who look after it. */
export interface OperationsOptions {
  readonly redisUrl?: RedisTarget | undefined
  readonly adminToken?: string | undefined
  readonly operatorToken?: string | undefined
  readonly viewerToken?: string | undefined
  /** True: nothing can be changed by the API. */
  readonly isReadOnly?: boolean | undefined
  /** Shown as a badge. */
  readonly environment?: string | undefined
}

export interface OperationsFacts extends OperationsOptions {
  readonly cache: CacheMethods
  readonly closing: Closing
  readonly log: ServiceLogger
  /** What the service runs beside its cache. */
  readonly parts?: ServiceParts | undefined
  /** Its tasks are run when somebody wants it. */
  readonly warmer?: Pick<Warmer, 'run'> | undefined
}

/** Before the server listens; closed after it, and before the cache. */
export async function addOperations(app: TypedServer, facts: OperationsFacts): Promise<void> {
  const { cache, closing, log, parts, warmer, isReadOnly, environment } = facts
  const redis = inspected(facts.redisUrl)
  const reporter = await openReporter(cache, { redis, parts: parts?.read, log })
  parts?.reportedBy(reporter)
  closing.add(() => reporter.close())
  const tokens = tokensOf(facts)
  const auth = tokens.length === 0 ? undefined : tokens
  const rights = { auth, readOnly: isReadOnly, environment: environment ?? 'development' }
  const { namespace } = cache.about()
  const neighbours = namespaces.filter((name) => name !== namespace)
  const warm = (task: string) => warmer?.run(task)?.then(succeeded)
  const ops = openOps(cache, { reporter, redis, neighbours, warm, log, ...rights })
  closing.add(() => ops.close())
  await app.register(cacheAdmin, { ops })
}

function succeeded({ lastError }: TaskReport): void {
  if (lastError !== undefined) throw new Error(lastError)
}

function tokensOf(options: OperationsOptions): OpsToken[] {
  const { adminToken, operatorToken, viewerToken } = options
  const given = [
    ['administrator', adminToken],
    ['operator', operatorToken],
    ['viewer', viewerToken],
  ] as const
  return given.flatMap(([role, token]) => (token === undefined ? [] : [tokenOf(role, token)]))
}

/** Its length was checked where it entered, in the environment. */
function tokenOf(role: Role, token: string): OpsToken {
  return { name: role, role, sha256: createHash('sha256').update(token).digest('hex') }
}

/** Tools look at one node of a Cluster after the other. */
function inspected(target: RedisTarget | undefined): InspectionTarget | undefined {
  if (target === undefined || typeof target === 'string' || 'sentinels' in target) return target
  const { cluster, ...credentials } = target
  return { ...credentials, cluster: cluster.map(({ host, port }) => `${host}:${port}`) }
}
