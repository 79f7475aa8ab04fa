/**
 * A service with a cache and PostgreSQL, for the tests that the source documents name: it
 * lists a user's positions through the cache, and creates one in a transaction as slow as
 * asked before it invalidates.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { defineCatalog, family, type GetOptions, openCache, shape } from 'staleproof'
import { type Calls, serveCalls } from '../servers/worker.ts'
import { monotonicMs, type Reading } from './reading.ts'

interface Position {
  readonly id: number
  readonly market: string
}

export interface PositionsInit {
  readonly service: string
  readonly databaseUrl: string
  readonly redisPort: number
  readonly trustMs: number
}

export interface Created {
  readonly token: string
  readonly reached: number
  /** How many positions the user has now. */
  readonly count: number
  readonly resolvedMs: number
}

/** The version of a reading is the number of positions that it showed. */
export interface PositionsCalls extends Calls {
  readonly list: (userId: number, options?: GetOptions) => Promise<Reading>
  /** So many users in the same tick. */
  readonly listUsers: (userIds: readonly number[]) => Promise<Reading[]>
  readonly listUntil: (userId: number, untilMs: number) => Promise<Reading[]>
  readonly create: (userId: number, commitMs?: number) => Promise<Created>
  readonly loads: (userId: number) => number
}

const catalog = defineCatalog('trading', {
  positions: family('api:positions:{userId:int}', { value: shape<Position[]>(), ttl: '30s' }),
})
const poolSize = 4
const readPauseMs = 5

serveCalls(async (init: PositionsInit): Promise<PositionsCalls> => {
  const pool = new pg.Pool({ connectionString: init.databaseUrl, max: poolSize })
  const loads = new Map<number, number>()
  const cache = await openCache(catalog, {
    service: init.service,
    redis: { host: '127.0.0.1', port: init.redisPort, connectionName: init.service },
    trust: init.trustMs,
    log: false,
    sources: {
      positions: async (userId) => {
        loads.set(userId, (loads.get(userId) ?? 0) + 1)
        const text = 'SELECT id, market FROM positions WHERE user_id = $1 ORDER BY id'
        return (await pool.query<Position>(text, [userId])).rows
      },
    },
  })
  const list = async (userId: number, options?: GetOptions): Promise<Reading> => {
    const invokedMs = monotonicMs()
    const outcome = await cache.positions.lookup(userId, options)
    if (outcome.from === 'none') throw outcome.error
    const { from, why, value } = outcome
    return { invokedMs, returnedMs: monotonicMs(), version: value?.length, from, why }
  }
  return {
    list,
    listUsers: (userIds) => Promise.all(userIds.map((userId) => list(userId))),
    listUntil: async (userId, untilMs) => {
      const readings: Reading[] = []
      while ((readings.at(-1)?.invokedMs ?? 0) < untilMs) {
        readings.push(await list(userId))
        await pause(readPauseMs)
      }
      return readings
    },
    create: async (userId, commitMs = 0) => {
      const count = await insert(pool, userId, commitMs)
      const receipt = await cache.positions.invalidate(userId, { reason: 'position_created' })
      const { token, reached } = receipt
      return { token, reached, count, resolvedMs: monotonicMs() }
    },
    loads: (userId) => loads.get(userId) ?? 0,
  }
})

/** The row is written at once, the commit comes later. */
async function insert(pool: pg.Pool, userId: number, commitMs: number): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO positions (user_id, market) VALUES ($1, $2)', [userId, 'm'])
    const text = 'SELECT count(*)::int AS count FROM positions WHERE user_id = $1'
    const counted = await client.query<{ count: number }>(text, [userId])
    await client.query('SELECT pg_sleep($1)', [commitMs / 1_000])
    await client.query('COMMIT')
    return counted.rows[0]?.count ?? 0
  } finally {
    client.release()
  }
}
