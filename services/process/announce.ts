/**
 * The last step of every write: after the commit, the keys that it changed are invalidated, or set
 * where their new values are known.
 * Whatever happens here, the write stands: nothing is thrown at a user whose write was committed.
 */
import { isStaleproofError, type Key, type Receipt } from 'staleproof'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import { joinedToken } from './joined-token.ts'
import type { ServiceLogger } from './logger.ts'

export interface Announcing {
  readonly cache: PolycoolCache
  readonly log: ServiceLogger
}

export interface Announcement<Change> {
  readonly write: Write<Change>
  readonly change: Change
  /** Whom it concerns, such as `user:7`; for the log. */
  readonly subject?: string
}

/**
 * Resolves to a token, which lets the writer's own reads of all that it changed see it at once.
 * Where Redis could not be told, the cache keeps the invalidation and repeats it, and the token
 * makes reads load anew meanwhile.
 */
export async function announce<Change>(
  announcing: Announcing,
  announcement: Announcement<Change>,
): Promise<string | undefined> {
  const { cache } = announcing
  const { write, change } = announcement
  let keys: Key[]
  let known: Key[]
  try {
    keys = write.keys(cache, change)
    known = write.sets?.keys(cache, change) ?? []
  } catch (error) {
    return announceUnnamed(announcing, announcement, error)
  }
  const why = whyOf(announcement)
  const tags = write.tags?.(change) ?? []
  const texts = keys.map((key) => key.text)
  const tell = (names: readonly string[], call: () => Promise<Receipt | undefined>) =>
    told(announcing, { names, why }, call)
  const tokens = await Promise.all([
    setOrInvalidated(announcing, announcement, known),
    tell(texts, () => cache.invalidate(keys, why)),
    tell(tags, () => cache.invalidateTag(tags, why)),
    tell(texts, async () => {
      await write.activity?.(cache, change)
      return undefined
    }),
  ])
  return joinedToken(tokens)
}

/** Where nobody knows whether the write stands: nothing is set, all that it may show is dropped. */
export async function announceDoubt<Change>(
  announcing: Announcing,
  announcement: Announcement<Change>,
): Promise<void> {
  const { cache } = announcing
  const { write, change } = announcement
  const why = whyOf(announcement)
  let keys: Key[]
  try {
    keys = changedKeys(cache, write, change)
  } catch (error) {
    await announceUnnamed(announcing, announcement, error)
    return
  }
  const tags = write.tags?.(change) ?? []
  const texts = keys.map((key) => key.text)
  await Promise.all([
    told(announcing, { names: texts, why }, () => cache.invalidate(keys, why)),
    told(announcing, { names: tags, why }, () => cache.invalidateTag(tags, why)),
  ])
}

/** A change that has no key, such as an id that is too long: it may show anywhere. */
function announceUnnamed<Change>(
  announcing: Announcing,
  announcement: Announcement<Change>,
  error: unknown,
): Promise<string | undefined> {
  const { cache, log } = announcing
  const why = whyOf(announcement)
  log.error({ err: error, ...why }, 'a change has no key: everything is invalidated')
  return told(announcing, { names: ['everything'], why }, () => cache.clear(why))
}

/** All that shows the write, whether it is told by a value or without. */
export function changedKeys<Change>(
  cache: PolycoolCache,
  write: Write<Change>,
  change: Change,
): Key[] {
  return [...write.keys(cache, change), ...(write.sets?.keys(cache, change) ?? [])]
}

async function setOrInvalidated<Change>(
  announcing: Announcing,
  announcement: Announcement<Change>,
  keys: readonly Key[],
): Promise<string | undefined> {
  const { cache, log } = announcing
  const { change, write } = announcement
  const { sets } = write
  if (sets === undefined || keys.length === 0) return undefined
  const why = whyOf(announcement)
  try {
    return joinedToken((await sets.set(cache, change, why)).map(({ token }) => token))
  } catch (error) {
    log.debug({ err: error, ...why }, 'values could not be set and are invalidated')
    const names = keys.map((key) => key.text)
    return told(announcing, { names, why }, () => cache.invalidate(keys, why))
  }
}

function whyOf<Change>({ write, subject }: Announcement<Change>): Why {
  return { reason: write.reason, ...(subject === undefined ? {} : { subject }) }
}

interface Why {
  readonly reason: string
  readonly subject?: string
}

interface Telling {
  /** Keys or tags, for the log; none: there is nothing to tell. */
  readonly names: readonly string[]
  readonly why: Why
}

async function told(
  { log }: Announcing,
  { names, why }: Telling,
  call: () => Promise<Receipt | undefined>,
): Promise<string | undefined> {
  if (names.length === 0) return undefined
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
