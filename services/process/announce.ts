/**
 * The last step of every write: after the commit, the keys that it changed are invalidated.
 * Whatever happens here, the write stands: nothing is thrown at a user whose write was committed.
 */
import { isStaleproofError } from 'staleproof'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import type { ServiceLogger } from './logger.ts'

export interface Announcement<Change> {
  readonly write: Write<Change>
  readonly change: Change
  /** Whom it concerns, such as `user:7`; for the log. */
  readonly subject?: string
}

/**
 * Resolves to the token of the receipt, which lets the writer's own reads see the write at once.
 * Where Redis could not be told, the cache keeps the invalidation and repeats it, and the token
 * makes reads load anew meanwhile.
 */
export async function announce<Change>(
  { cache, log }: { readonly cache: PolycoolCache; readonly log: ServiceLogger },
  { write, change, subject }: Announcement<Change>,
): Promise<string | undefined> {
  const keys = write.keys(cache, change)
  if (keys.length === 0) return undefined
  const why = { reason: write.reason, ...(subject === undefined ? {} : { subject }) }
  try {
    const receipt = await cache.invalidate(keys, why)
    return receipt.token
  } catch (error) {
    if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) {
      // The cache has said that Redis is away; that each write waits for it is no news.
      log.debug({ pending: keys.length, ...why }, 'invalidation kept for later')
      return error.receipt?.token
    }
    const fields = { err: error, keys: keys.map((key) => key.text), ...why }
    log.error(fields, 'invalidation failed after a committed write')
    return undefined
  }
}
