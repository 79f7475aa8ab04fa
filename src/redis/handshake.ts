/**
 * What a connection proves before it is used (PROTOCOL 3.1): that its server is a
 * primary with its data in memory, and which incarnation of it. Three INFO commands in
 * one round trip; several sections in one command need Redis 7.
 */
import type { Redis } from 'ioredis'
import type { Incarnation } from '../core/contracts/store.ts'
import { stampOf } from '../core/stamp.ts'

/** Rejects with the reason in its message where the server can't be used. */
export async function identify(redis: Redis): Promise<Incarnation> {
  const sections = await Promise.all([
    redis.info('server'),
    redis.info('replication'),
    redis.info('persistence'),
  ])
  return incarnationOf(sections.join('\r\n'))
}

/** Throws where the text is not that of a primary that has finished loading. */
export function incarnationOf(info: string): Incarnation {
  const role = field(info, 'role')
  if (role !== 'master') throw new Error(`expected a primary, got role:${role ?? '(none)'}`)
  if (field(info, 'loading') === '1') throw new Error('the server is loading its data')
  const runId = field(info, 'run_id')
  const replId = field(info, 'master_replid')
  if (!runId || !replId) throw new Error('INFO shows no run_id or no master_replid')
  return { runId, stamp: stampOf(runId, replId) }
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1]
}
