/**
 * Invalidates by a cache of the command's own: the same scripts and messages as any service. It
 * takes over what the processes have agreed on, because one that disagrees would cost the others
 * their trust; it has no memory and no sources, and is gone at the end.
 */
import type { CacheMethods } from '../../core/cache.ts'
import type { Catalog, Families } from '../../core/catalog.ts'
import { StaleproofError } from '../../core/errors.ts'
import type { Key } from '../../core/key.ts'
import type { Receipt } from '../../core/receipt.ts'
import { encodeTag } from '../../core/tag.ts'
import { openCache } from '../../open.ts'
import { countText } from '../amounts.ts'
import type { Call } from '../command.ts'
import { redisAddress } from '../connection/address.ts'
import { joining } from '../connection/agreed.ts'
import { catalogIn } from '../connection/catalog-file.ts'
import { withServer } from '../connection/server.ts'
import { type Counted, countOn, type FoundSlot } from '../entries/slot-listing.ts'
import { textIn } from '../flags.ts'
import type { Changer, Done } from './changer.ts'
import type { Plan } from './plan.ts'
import { type Target, targetText } from './target.ts'

const sampleMax = 10

interface Parts {
  readonly call: Call
  readonly catalog: Catalog<Families>
  readonly cache: CacheMethods
}

export class CacheChanger implements Changer {
  readonly environment: string
  readonly #parts: Parts

  /** Rejects with `SP_REDIS_DOWN`, or `SP_OPTION_INVALID` for a catalog that can't be loaded. */
  static async open(call: Call, file: string): Promise<CacheChanger> {
    const catalog = await catalogIn(file)
    const namespace = textIn(call.flags, 'namespace') ?? catalog.name
    const flags = { ...call.flags, namespace }
    const cache = await openCache(catalog, {
      service: 'staleproof-command',
      memory: false,
      requireRedis: true,
      log: false,
      ...(await withServer({ flags }, (server) => joining(server, redisAddress(flags)))),
    })
    return new CacheChanger({ call: { ...call, flags }, catalog, cache })
  }

  constructor(parts: Parts) {
    this.environment = textIn(parts.call.flags, 'environment') ?? 'production'
    this.#parts = parts
  }

  async plan(target: Target): Promise<Plan> {
    const counted = await this.#concerned(target)
    return { what: targetText(target), ...counted, confirm: confirmOf(target, counted.count) }
  }

  async execute(target: Target, reason: string): Promise<Done> {
    const { pending, ms, reached } = await this.#invalidate(target, reason)
    return { reached, pending: pending.length, ms }
  }

  async close(): Promise<void> {
    await this.#parts.cache.close()
  }

  #invalidate(target: Target, reason: string): Promise<Receipt> {
    const { cache } = this.#parts
    switch (target.is) {
      case 'keys':
        return cache.invalidate(
          target.keys.map((key) => this.#key(key)),
          { reason },
        )
      case 'tags':
        return cache.invalidateTag(target.tags, { reason })
      case 'family':
        return cache.family(target.family).clear({ reason })
      case 'pattern':
        return cache.invalidatePattern(target.pattern, { reason })
      case 'all':
        return cache.clear({ reason })
    }
  }

  /** What Redis holds of it; named keys whether it holds them or not. */
  async #concerned(target: Target): Promise<Counted> {
    const { call } = this.#parts
    if (target.is === 'keys') {
      for (const key of target.keys) this.#key(key)
      const sample = target.keys.slice(0, sampleMax)
      return { count: target.keys.length, isEstimate: false, sample }
    }
    const options = {
      pattern: this.#patternOf(target),
      sampleMax,
      ...(target.is === 'tags' && { isWanted: carries(target.tags) }),
      onProgress: (scanned: number) =>
        call.terminal.progress(() => `≈ ${countText(scanned)} places looked at`),
    }
    return withServer(call, (server) => countOn(server, options))
  }

  #patternOf(target: Target): string {
    if (target.is === 'family') return this.#parts.cache.family(target.family).pattern()
    return target.is === 'pattern' ? target.pattern : '*'
  }

  /** Throws `SP_ID_TYPE`. */
  #key(text: string): Key {
    const { catalog, cache } = this.#parts
    const parsed = catalog.parse(text)
    if (parsed !== undefined) return cache.family(parsed.family).key(parsed.id)
    const templates = [...catalog.compiled.values()].map(({ template }) => template.text)
    const details = { key: text, expected: `one of ${templates.join(', ')}`, received: text }
    throw new StaleproofError('SP_ID_TYPE', 'no family of the catalog has this key', details)
  }
}

function carries(tags: readonly string[]): (slot: FoundSlot) => boolean {
  const encoded = new Set(tags.map(encodeTag))
  return ({ slot }) => slot?.kind === 'value' && slot.meta.tags.some((tag) => encoded.has(tag))
}

function confirmOf(target: Target, count: number): string {
  if (target.is === 'all') return 'ALL'
  return target.is === 'family' ? target.family : String(count)
}
