/** The native Redis that tests start: where it is, and how to get one. */
import { findNativeRedis } from '../../services/launcher/redis-server.ts'

export const howToGetRedis =
  'needs redis-server or valkey-server on the PATH: ' +
  '"sudo apt-get install redis-server" or "brew install redis" enables it'

/** The path of the native server; `undefined` when there is none. */
export function nativeRedis(): string | undefined {
  return findNativeRedis(process.env.PATH ?? '')
}
