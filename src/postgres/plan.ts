/**
 * Changes → what has to be invalidated, each thing once. Nothing is ever dropped: what can't
 * be mapped makes the invalidation wider, and is told.
 */

import type { CacheMethods } from '../core/cache.ts'
import { StaleproofError } from '../core/errors.ts'
import type { FamilyView } from '../core/handle.ts'
import type { Key } from '../core/key.ts'
import { encodeTag } from '../core/tag.ts'
import type { Change } from './change.ts'
import { type RowText, rowOf } from './columns.ts'
import type { TableMap, TableRule, Target } from './table-map.ts'

/** Of a cache, what a relay needs. */
export interface RelayedCache extends Pick<CacheMethods, 'invalidate' | 'invalidateTag' | 'clear'> {
  family(name: string): Pick<FamilyView, 'key' | 'clear'>
}

export interface Plan {
  /** By key text. */
  readonly keys: ReadonlyMap<string, Key>
  readonly tags: ReadonlySet<string>
  readonly families: ReadonlySet<string>
  readonly isEverything: boolean
  /** Why something is wider than it need be. */
  readonly faults: readonly StaleproofError[]
}

/** Told at most this many faults of one batch: a mapping that always throws would flood. */
const faultsMax = 10

/** Never throws: what the author's functions throw is in `faults`. */
export function planOf(
  changes: readonly Change[],
  map: TableMap,
  cache: Pick<RelayedCache, 'family'>,
): Plan {
  const draft = new Draft(cache)
  for (const change of changes) draft.add(change, map)
  return draft
}

class Draft implements Plan {
  readonly keys = new Map<string, Key>()
  readonly tags = new Set<string>()
  readonly families = new Set<string>()
  readonly faults: StaleproofError[] = []
  isEverything = false
  readonly #cache: Pick<RelayedCache, 'family'>

  constructor(cache: Pick<RelayedCache, 'family'>) {
    this.#cache = cache
  }

  add(change: Change, map: TableMap): void {
    if (change.kind === 'everything') {
      this.isEverything = true
      return
    }
    const rule = map.tables.get(change.table)
    if (rule === undefined) this.#addUnknown(change.table)
    else if (change.kind === 'table') this.#addAll(rule)
    else for (const row of change.rows) this.#addRow(rule, row)
  }

  /** A newer deployment may have declared it; what it concerns is known there alone. */
  #addUnknown(table: string): void {
    this.isEverything = true
    this.#fault(`the mapping has no table '${table}'`, undefined)
  }

  #addAll(rule: TableRule): void {
    for (const family of rule.families) this.families.add(family)
  }

  #addRow(rule: TableRule, row: RowText): void {
    try {
      const targets = rule.touches(rowOf(rule.columns, row))
      // All are checked before any is kept: what a cache would refuse widens the whole row here,
      // where it is told, and not the relay later, which would stop at it for ever.
      for (const add of targets.map((target) => this.#adding(target))) add()
    } catch (cause) {
      this.#addAll(rule)
      this.#fault(`a row of '${rule.name}' could not be mapped; its families are cleared`, cause)
    }
  }

  #adding(target: Target): () => void {
    switch (target.kind) {
      case 'key': {
        const key = this.#cache.family(target.family).key(target.id)
        return () => this.keys.set(key.text, key)
      }
      case 'tag':
        encodeTag(target.tag)
        return () => this.tags.add(target.tag)
      case 'family':
        this.#cache.family(target.family)
        return () => this.families.add(target.family)
    }
  }

  #fault(message: string, cause: unknown): void {
    if (this.faults.length === faultsMax) return
    this.faults.push(new StaleproofError('SP_ROW_UNMAPPED', message, { cause }))
  }
}

/** Resolves when all of it is done; the widest first, and nothing that it includes. */
export async function carryOut(plan: Plan, cache: RelayedCache, reason: string): Promise<void> {
  if (plan.isEverything) {
    await cache.clear({ reason })
    return
  }
  const keys = [...plan.keys.values()].filter(({ family }) => !plan.families.has(family))
  await Promise.all([
    ...[...plan.families].map((name) => cache.family(name).clear({ reason })),
    ...(plan.tags.size > 0 ? [cache.invalidateTag([...plan.tags], { reason })] : []),
    ...(keys.length > 0 ? [cache.invalidate(keys, { reason })] : []),
  ])
}
