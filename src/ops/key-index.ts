/** Which keys there are: asked of Redis in bounded steps, or of a cache that has no Redis. */
import type { CacheMethods } from '../core/cache.ts'

/** A slot as it lies on the server. */
export interface FoundKey {
  readonly text: string
  /** Undefined: it never expires, or nobody knows. */
  readonly ttlMs: number | undefined
  readonly bytes: number | undefined
  readonly kind: string
}

export interface KeyPage {
  readonly keys: readonly FoundKey[]
  /** Undefined: the end. */
  readonly cursor: string | undefined
  readonly scanned: number
  /** True: the end of a list that has left nothing out. */
  readonly isComplete: boolean
  /** What is left out here, since its node does not answer. */
  readonly withheld: readonly string[]
}

export interface KeyCount {
  readonly count: number
  /** True: not all places were looked at. */
  readonly isEstimate: boolean
  /** What is not counted, since its node does not answer. */
  readonly withheld: readonly string[]
  readonly sample: readonly string[]
}

export interface PageRequest {
  readonly pattern: string
  readonly cursor: string | undefined
  /** As soon as so many are found there is a page; the last step may find more. */
  readonly limit: number
}

export interface KeyIndex {
  /** Throws a refusal for a cursor that is none. Rejects with `SP_REDIS_…`. */
  page(request: PageRequest): Promise<KeyPage>
  count(pattern: string): Promise<KeyCount>
}

/** Key texts that a dry run shows. */
export const sampleMax = 20
const localCountMax = 10_000

/** Of a cache whose second tier lies in this process. */
export class LocalKeyIndex implements KeyIndex {
  readonly #cache: Pick<CacheMethods, 'keys'>

  constructor(cache: Pick<CacheMethods, 'keys'>) {
    this.#cache = cache
  }

  async page({ pattern, limit }: PageRequest): Promise<KeyPage> {
    const { keys, isComplete } = await this.#cache.keys({ pattern, limit })
    const found = keys.map((text) => ({ text, ttlMs: undefined, bytes: undefined, kind: 'value' }))
    return { keys: found, cursor: undefined, scanned: keys.length, isComplete, withheld: [] }
  }

  async count(pattern: string): Promise<KeyCount> {
    const { keys, isComplete } = await this.#cache.keys({ pattern, limit: localCountMax })
    const sample = keys.slice(0, sampleMax)
    return { count: keys.length, isEstimate: !isComplete, withheld: [], sample }
  }
}
