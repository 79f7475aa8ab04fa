/**
 * Reads the environment of a process against a schema: the one door through which settings come.
 * Each service says in its `environment.ts` what it wants; an empty variable counts as absent.
 */
import { z } from 'zod'
import { redisAddress } from './redis-target.ts'

/** Made by chance: `openssl rand -base64 32`. */
const token = z.string().min(32)

/** Settings that every service has. */
export const processSettings = {
  /** 0 takes a free port. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  HOST: z.string().default('127.0.0.1'),
  /** Required: two processes with an embedded cache each would never hear of each other. */
  REDIS_URL: redisAddress,
  /** Opens the debug routes and the administration of the cache; absent: they don't exist. */
  ADMIN_TOKEN: token.optional(),
  /** For who invalidates and warms, but clears nothing. */
  OPERATOR_TOKEN: token.optional(),
  /** For who only looks. */
  VIEWER_TOKEN: token.optional(),
  /** `on`: the administration of the cache changes nothing. */
  READ_ONLY: z.enum(['on', 'off']).default('off'),
  /** Shown as a badge by the dashboard. */
  ENVIRONMENT: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('development'),
  /** Opens `/metrics`; absent: it does not exist. */
  METRICS_TOKEN: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
}

/** Settings of the services that reach PostgreSQL; the documents have a pool of 3 + 5. */
export const databaseSettings = {
  DATABASE_URL: z.string(),
  /** Past a pooler, for migrations and whatever else a pooler can't do; the same by default. */
  DATABASE_DIRECT_URL: z.string().optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(8),
}

/** Of the API and of who asks it for its users, so that both sides agree. */
export const userLimitSettings = {
  /** Requests of one end user; 0 switches the limit off, for load tests. */
  USER_REQUESTS_PER_MINUTE: z.coerce.number().int().min(0).max(600_000).default(100),
}

type ProcessSettings = z.output<z.ZodObject<typeof processSettings>>

/** Who may look after the process, and how far. */
export function operationsIn(
  environment: Pick<
    ProcessSettings,
    'ADMIN_TOKEN' | 'OPERATOR_TOKEN' | 'VIEWER_TOKEN' | 'READ_ONLY' | 'ENVIRONMENT'
  >,
) {
  return {
    adminToken: environment.ADMIN_TOKEN,
    operatorToken: environment.OPERATOR_TOKEN,
    viewerToken: environment.VIEWER_TOKEN,
    isReadOnly: environment.READ_ONLY === 'on',
    environment: environment.ENVIRONMENT,
  }
}

/** Throws an error that names every variable that is missing or wrong. */
export function readEnvironment<S extends z.ZodType>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const present = Object.entries(environment).filter(([, value]) => value !== '')
  const result = schema.safeParse(Object.fromEntries(present))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`the environment does not fit: ${faults.join('; ')}`)
}
