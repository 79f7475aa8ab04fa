/**
 * The last step of every write: after the commit, the keys that it changed are invalidated.
 * Whatever happens here, the write stands: nothing is thrown at a user whose write was committed.
 */
import { isStaleproofError, type Receipt } from 'staleproof'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import type { ServiceLogger } from './logger.ts'

export interface Announcement<Change> {
  readonly write: Write<Change>
  readonly change: Change
  /** Whom it concerns, such as `user:7`; for the log. */
  readonly subject?: string
}

/**
 * Resolves to the token of the receipt, which lets the writer's own reads of these keys see the
 * write at once.
 * Where Redis could not be told, the cache keeps the invalidation and repeats it, and the token
 * makes reads load anew meanwhile.
 */
export async function announce<Change>(
  { cache, log }: { readonly cache: PolycoolCache; readonly log: ServiceLogger },
  { write, change, subject }: Announcement<Change>,
): Promise<string | undefined> {
  const why = { reason: write.reason, ...(subject === undefined ? {} : { subject }) }
  const keys = write.keys(cache, change)
  const tags = write.tags?.(change) ?? []
  const tell = (names: readonly string[], call: () => Promise<Receipt | undefined>) =>
    names.length === 0 ? undefined : told({ log, names, why }, call)
  const texts = keys.map((key) => key.text)
  const { sets } = write
  // Before the invalidation, so that its receipt is of a later moment than what was set.
  await tell(texts, async () => {
    await sets?.(cache, change, why)
    return undefined
  })
  const [token] = await Promise.all([
    tell(texts, async () => {
      if (write.writeThrough === undefined) return cache.invalidate(keys, why)
      await write.writeThrough(cache, change, why)
      return undefined
    }),
    tell(tags, () => cache.invalidateTag(tags, why)),
    tell(texts, async () => {
      await write.activity?.(cache, change)
      return undefined
    }),
  ])
  return token
}

interface Telling {
  readonly log: ServiceLogger
  /** Keys or tags, for the log. */
  readonly names: readonly string[]
  readonly why: { readonly reason: string }
}

async function told(
  { log, names, why }: Telling,
  call: () => Promise<Receipt | undefined>,
): Promise<string | undefined> {
  try {
    return (await call())?.token
  } catch (error) {
    if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) {
      // The cache has said that Redis is away; that each write waits for it is no news.
      log.debug({ pending: names.length, ...why }, 'invalidation kept for later')
      return error.receipt?.token
    }
    log.error({ err: error, names, ...why }, 'invalidation failed after a committed write')
    return undefined
  }
}
