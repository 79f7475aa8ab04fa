/** Redis as second tier: slots, scripts, messages and connections. */
import type { Remote } from '../core/contracts/remote.ts'
import { RedisRemote, type RedisRemoteOptions } from './redis-remote.ts'
import { RedisStore } from './redis-store.ts'

export type { RedisTarget } from './redis-options.ts'
export type { RedisRemoteOptions } from './redis-remote.ts'

/**
 * Store and bus on one Redis server, the one that Sentinels name, or a cluster. Nothing is
 * opened before `open`. Throws `SP_OPTION_INVALID` or `SP_READ_FROM_REPLICA`.
 */
export function redisRemote(options: RedisRemoteOptions): Remote {
  const { namespace } = options
  return new RedisRemote(options, (nodes, place) => new RedisStore(nodes, { namespace, ...place }))
}
