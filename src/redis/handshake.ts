/**
 * What a connection proves before it is used (PROTOCOL 3.1): that its server is a
 * primary with its data in memory, and which incarnation of it. INFO once for each
 * section in one round trip; several sections in one command need Redis 7.
 *
 * In a cluster its configuration epoch belongs to the incarnation. It rises when a hash slot
 * comes in from another server: that one may have failed over while it had the slot, and
 * brought back a value that carries our stamp (PROTOCOL 14.7).
 */
import type { Redis } from 'ioredis'
import type { Incarnation } from '../core/contracts/store.ts'
import { stampOf } from '../core/stamp.ts'

/** How far back a failover may lose writes where the server sets no bound of its own. */
export const LOST_TAIL_MS = 30_000
/** `master_replid2` of a server that never took over from another one. */
const NO_PREDECESSOR = /^0*$/

export interface Identity {
  readonly incarnation: Incarnation
  /** It has replicas, or was one: another incarnation may live on. */
  readonly isReplicated: boolean
  /** How far back writes can be lost when a replica takes over from it. */
  readonly lostTailMs: number
  /** A policy by which it may evict leases and quarantines before values. */
  readonly unfitEviction: string | undefined
}

/** Commands whose replies together tell the incarnation. */
export function questionsAbout(isCluster: boolean): [string, string][] {
  const sections = ['server', 'replication', 'persistence', 'memory']
  const questions = sections.map((section): [string, string] => ['INFO', section])
  return isCluster ? [...questions, ['CLUSTER', 'INFO']] : questions
}

/** Rejects with the reason in its message where the server can't be used. */
export async function identify(redis: Redis, isCluster: boolean): Promise<Identity> {
  const [settings, ...replies] = await Promise.all([
    // Managed services keep CONFIG to themselves: then the bound is not known.
    redis.config('GET', 'min-replicas-*').catch(() => []),
    ...questionsAbout(isCluster).map(([command, section]) => redis.call(command, section)),
  ])
  const info = replies.join('\r\n')
  const incarnation = incarnationOf(info)
  return {
    incarnation,
    isReplicated: isReplicated(info),
    lostTailMs: lostTailMsOf(settings),
    unfitEviction: unfitEvictionOf(info),
  }
}

/** What lives shortest goes first, or anything at all: then leases and quarantines do. */
export function unfitEvictionOf(info: string): string | undefined {
  const policy = field(info, 'maxmemory_policy') ?? ''
  const isBounded = Number(field(info, 'maxmemory') ?? 0) > 0
  return isBounded && /^volatile-|random$/.test(policy) ? policy : undefined
}

/** Throws where the text is not that of a primary that has finished loading. */
export function incarnationOf(info: string): Incarnation {
  const role = field(info, 'role')
  if (role !== 'master') throw new Error(`expected a primary, got role:${role ?? '(none)'}`)
  if (field(info, 'loading') === '1') throw new Error('the server is loading its data')
  const runId = field(info, 'run_id')
  const replId = field(info, 'master_replid')
  if (!runId || !replId) throw new Error('INFO shows no run_id or no master_replid')
  const epoch = field(info, 'cluster_my_epoch')
  return { runId, stamp: stampOf(runId, epoch === undefined ? replId : `${replId}@${epoch}`) }
}

export function isReplicated(info: string): boolean {
  const replicas = Number(field(info, 'connected_slaves') ?? 0)
  return replicas > 0 || !NO_PREDECESSOR.test(field(info, 'master_replid2') ?? '')
}

/**
 * A primary that must hear from its replicas refuses writes when it has not for so long;
 * what it acknowledged later than that is on a replica.
 */
export function lostTailMsOf(settings: unknown): number {
  const found = new Map<string, number>()
  const list = Array.isArray(settings) ? settings : []
  for (let at = 0; at + 1 < list.length; at += 2) found.set(String(list[at]), Number(list[at + 1]))
  const lagSeconds = found.get('min-replicas-max-lag') ?? 0
  const writes = found.get('min-replicas-to-write') ?? 0
  return writes >= 1 && lagSeconds > 0 ? lagSeconds * 1000 : LOST_TAIL_MS
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1]
}
