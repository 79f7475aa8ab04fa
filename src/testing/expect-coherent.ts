/** Runs a write of a service and names what it forgot to invalidate. */
import type { CacheMethods } from '../core/cache.ts'
import { deepEqual } from '../core/deep-equal.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { firstDifference } from './first-difference.ts'

export interface CoherenceCase {
  /** The cache through which `reads` read; one of `testCache`, or any other. */
  readonly cache: Pick<CacheMethods, 'observe' | 'clear' | 'settled'>
  /** What the service does; it invalidates what it changes. */
  readonly write: () => unknown
  /** What the service reads that the write may concern, each through the cache. */
  readonly reads: readonly (() => unknown)[]
}

export interface CoherenceReport {
  /** Key texts whose value the write has changed. */
  readonly changed: readonly string[]
  /** Those that were loaded again although nothing had changed. */
  readonly needless: readonly string[]
}

interface Seen {
  readonly family: string
  readonly from: string
  readonly value: unknown
}

/** Named in the message; the rest is counted. */
const forgottenMax = 10

/**
 * Reads, so that the cache is warm; writes; reads again what the cache serves now; clears the
 * cache and reads a third time, which is the truth. Rejects with `SP_WRITE_INCOHERENT` where the
 * second and the third differ, and names family, key and the first difference. Loads that the
 * reads cause inside of sources count as well.
 *
 * @example
 * await expectCoherent({
 *   cache,
 *   write: () => createPosition(cache, { userId: 7, size: 2 }),
 *   reads: [() => cache.positions.get(7), () => cache.user.get(7)],
 * })
 */
export async function expectCoherent({
  cache,
  write,
  reads,
}: CoherenceCase): Promise<CoherenceReport> {
  const before = await seen(cache, reads)
  if (before.size === 0) throw nothingRead()
  await write()
  await cache.settled()
  const served = await seen(cache, reads)
  await cache.clear({ reason: 'expectCoherent' })
  const truth = await seen(cache, reads)
  const forgotten = [...served].filter(([key, { value }]) => {
    const known = truth.get(key)
    return known !== undefined && !deepEqual(value, known.value)
  })
  if (forgotten.length > 0) throw incoherent(forgotten, truth)
  const isSame = (key: string) => deepEqual(before.get(key)?.value, truth.get(key)?.value)
  const keys = [...before.keys()].filter((key) => truth.has(key))
  return {
    changed: keys.filter((key) => !isSame(key)),
    needless: keys.filter((key) => isSame(key) && served.get(key)?.from === 'source'),
  }
}

/** The last answer for each key; what is loaded inside of a source is read as well. */
async function seen(
  cache: CoherenceCase['cache'],
  reads: CoherenceCase['reads'],
): Promise<ReadonlyMap<string, Seen>> {
  const answers = new Map<string, Seen>()
  const notify = (event: CacheEvent) => {
    if (event.kind !== 'read' || event.outcome.from === 'none') return
    const { family, key, outcome } = event
    answers.set(key, { family, from: outcome.from, value: outcome.value })
  }
  const stop = cache.observe({ hits: true, notify })
  try {
    for (const read of reads) await read()
    await cache.settled()
  } finally {
    stop()
  }
  return answers
}

function nothingRead(): StaleproofError {
  const expected = 'functions that read through this cache'
  return new StaleproofError('SP_OPTION_INVALID', "expectCoherent: option 'reads'", { expected })
}

function incoherent(
  forgotten: readonly (readonly [key: string, Seen])[],
  truth: ReadonlyMap<string, Seen>,
): StaleproofError {
  const lines = forgotten.slice(0, forgottenMax).map(([key, { family, value }]) => {
    return `\n  ${family}, ${key}: ${firstDifference(value, truth.get(key)?.value)}`
  })
  const more = forgotten.length - lines.length
  const rest = more > 0 ? `\n  and ${more} more` : ''
  const message = `the write left old values in the cache:${lines.join('')}${rest}`
  const [first] = forgotten
  const details = { family: first?.[1].family, key: first?.[0] }
  return new StaleproofError('SP_WRITE_INCOHERENT', message, details)
}
