/** What can be invalidated, how much it would be, and doing it. */

import { isStaleproofError } from '../core/errors.ts'
import type { WriteOptions } from '../core/handle.ts'
import type { Receipt } from '../core/receipt.ts'
import type { DoneAnswer, PlanAnswer } from './answers.ts'
import type { KeyBook, ReadKey } from './key-book.ts'
import { type KeyCount, type KeyIndex, sampleMax } from './key-index.ts'
import type { OpsCache } from './platform.ts'

export type Change = ChangeScope & { readonly reason: string }

export type ChangeScope =
  | { readonly kind: 'keys'; readonly keys: readonly ReadKey[] }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  | { readonly kind: 'family'; readonly family: string }
  | { readonly kind: 'all' }

/** A change with what it would reach. */
export interface Measured extends KeyCount {
  readonly change: Change
  readonly what: string
  /** What has to be typed, where it has to be. */
  readonly confirm: string
  readonly needsConfirm: boolean
}

export type Done = Pick<DoneAnswer, 'what' | 'reached' | 'pending' | 'ms'>
export type Plan = Omit<PlanAnswer, 'schemaVersion' | 'atMs' | 'planId'>

/** More keys than a person sees at a glance. */
const unconfirmedMax = 100

export interface ChangeParts {
  readonly cache: OpsCache
  readonly keys: KeyBook
  readonly index: KeyIndex
}

export async function measure(change: Change, parts: ChangeParts): Promise<Measured> {
  const counted = await countOf(change, parts)
  const isSmall = counted.count <= unconfirmedMax && !counted.isEstimate
  const isClear = change.kind === 'family' || change.kind === 'all'
  return {
    ...counted,
    sample: counted.sample.map((key) => parts.keys.shown(key)),
    change,
    what: whatOf(change),
    confirm: confirmOf(change, counted.count),
    needsConfirm: isClear || !isSmall,
  }
}

export function planOf(measured: Measured): Plan {
  const { change: _kept, ...plan } = measured
  return plan
}

/** Resolves even if Redis could not be told: it is kept then, and said as soon as it can be. */
export async function execute(change: Change, user: string, parts: ChangeParts): Promise<Done> {
  const what = whatOf(change)
  try {
    return doneOf(what, await invalidate(change, user, parts.cache))
  } catch (error) {
    if (!isStaleproofError(error, 'SP_INVALIDATION_PENDING')) throw error
    if (error.receipt === undefined) throw error
    return doneOf(what, error.receipt)
  }
}

function invalidate(change: Change, user: string, cache: OpsCache): Promise<Receipt> {
  const why: WriteOptions = { reason: change.reason, subject: user }
  switch (change.kind) {
    case 'keys':
      return cache.invalidate(change.keys, why)
    case 'pattern':
      return cache.invalidatePattern(change.pattern, why)
    case 'tags':
      return cache.invalidateTag(change.tags, why)
    case 'family':
      return cache.family(change.family).clear(why)
    case 'all':
      return cache.clear(why)
  }
}

function doneOf(what: string, { reached, pending, ms }: Receipt): Done {
  return { what, reached, pending: pending.length, ms }
}

/** Nobody knows the keys of a tag, so all that there are bound it. */
async function countOf(change: Change, { keys, index }: ChangeParts): Promise<KeyCount> {
  switch (change.kind) {
    case 'keys': {
      const sample = change.keys.slice(0, sampleMax).map(({ text }) => text)
      return { count: change.keys.length, isEstimate: false, withheld: [], sample }
    }
    case 'pattern':
      return index.count(change.pattern)
    case 'family':
      return index.count(keys.patternOf(change.family))
    case 'tags': {
      return { ...(await index.count('*')), isEstimate: true, sample: [] }
    }
    case 'all':
      return index.count('*')
  }
}

export function whatOf(change: ChangeScope): string {
  switch (change.kind) {
    case 'keys':
      return change.keys.length === 1 ? 'one key' : `${change.keys.length} keys`
    case 'pattern':
      return `keys like ${change.pattern}`
    case 'tags':
      return `tags ${change.tags.join(', ')}`
    case 'family':
      return `family ${change.family}`
    case 'all':
      return 'everything'
  }
}

function confirmOf(change: ChangeScope, count: number): string {
  switch (change.kind) {
    case 'keys':
      return String(count)
    case 'pattern':
      return change.pattern
    case 'tags':
      return change.tags.join(', ')
    case 'family':
      return change.family
    case 'all':
      return 'ALL'
  }
}
