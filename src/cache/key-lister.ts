/**
 * Lists keys by scanning, in bounded steps that others' commands fit between. It tells what was
 * there and changes nothing, so it needs no promise: a listing is as old as its first step.
 */
import { type Store, StoreFault } from '../core/contracts/store.ts'
import { StaleproofError } from '../core/errors.ts'
import type { KeyListing } from '../core/key-listing.ts'
import type { ResolvedKeys } from './keys-options.ts'
import { untilAborted } from './until-aborted.ts'

/** Steps of one listing: a server looks at about fifty places in each. */
export const listingStepsMax = 20_000

/** Rejects with `SP_REDIS_DOWN`. */
export async function listKeys(
  store: Pick<Store, 'scan'>,
  { pattern, limit, signal }: ResolvedKeys,
): Promise<KeyListing> {
  const found = new Set<string>()
  let steps = 0
  try {
    for await (const keys of untilAborted(store.scan(pattern), signal)) {
      if (keys === 'aborted') return listing(found, false)
      for (const key of keys) {
        if (found.size === limit && !found.has(key)) return listing(found, false)
        found.add(key)
      }
      steps++
      if (steps === listingStepsMax) return listing(found, false)
    }
  } catch (cause) {
    if (!(cause instanceof StoreFault)) throw cause
    throw new StaleproofError('SP_REDIS_DOWN', 'the keys could not be listed', { cause })
  }
  return listing(found, true)
}

function listing(found: ReadonlySet<string>, isComplete: boolean): KeyListing {
  return Object.freeze({ keys: Object.freeze([...found]), isComplete })
}
