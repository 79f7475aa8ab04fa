/** What a caller may give for Redis, and what of it is refused (see `redis-options.ts`). */
import '../base/fast-texts.ts'
import { Redis, type RedisOptions } from 'ioredis'
import { StaleproofError } from '../core/errors.ts'

const ADDRESS = /^(rediss?:\/\/\S+|\/\S+|[\w.-]+(:\d+)?|\[[\da-f:]+\](:\d+)?)$/i

/** ioredis' own reading of an address, so that both agree; nothing is opened. */
export function parsedAddress(address: string): RedisOptions {
  const received = `'${address.replace(/\/\/[^@]*@/, '//***@')}'`
  if (!ADDRESS.test(address)) throw invalid('the address of Redis can not be read', received)
  try {
    return new Redis(address, { lazyConnect: true }).options
  } catch (cause) {
    throw invalid('the address of Redis can not be read', received, { cause })
  }
}

/** A replica would serve what has been invalidated (PROTOCOL 1). */
export function refuseReplicas({ role, readOnly, scaleReads }: ReadScaling): void {
  const found = [
    role !== undefined && role !== 'master' && `role: '${role}'`,
    readOnly === true && 'readOnly: true',
    scaleReads !== undefined && scaleReads !== 'master' && `scaleReads: '${String(scaleReads)}'`,
  ].find((text) => text !== false)
  if (found === undefined) return
  throw new StaleproofError('SP_READ_FROM_REPLICA', 'a replica can serve what was invalidated', {
    expected: 'options that read from the primary',
    received: found,
  })
}

type ReadScaling = Pick<RedisOptions, 'role' | 'readOnly'> & { readonly scaleReads?: unknown }

/** Scripts and channels would not carry it; ignoring it would mix two applications. */
export function refuseKeyPrefix({ keyPrefix }: { readonly keyPrefix?: unknown }): void {
  if (keyPrefix === undefined || keyPrefix === '') return
  throw invalid('a keyPrefix can not be kept; use the namespace option', `'${String(keyPrefix)}'`)
}

export function invalid(
  message: string,
  received: string,
  details: { readonly expected?: string; readonly cause?: unknown } = {},
): StaleproofError {
  const expected = 'an address such as redis://host:6379/0, ioredis options or an ioredis instance'
  return new StaleproofError('SP_OPTION_INVALID', message, { expected, ...details, received })
}
