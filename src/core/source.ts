/** Sources: where values come from when no tier has them; a service declares those it has. */
import type { Families } from './catalog.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import type { FamilyId, FamilyValue } from './family.ts'
import type { Signal } from './signal.ts'
import type { SourceOptions } from './source-rules.ts'
import type { IdArgs } from './template-types.ts'

/** What a source is told besides its ids. */
export interface SourceContext {
  /**
   * Fires when the last waiter has left, at the load timeout, and on close. Made when it is
   * first read, from the context itself: a copy such as `{ ...context }` has none.
   */
  readonly signal: Signal
}

/** What a source may answer; `undefined` means: does not exist. */
export type Loaded<V> = DeepReadonly<V> | undefined

/** Loads one id. The value belongs to the cache from here on: it is frozen, not copied. */
export type SingleSource<Id, V> = (
  ...args: [...IdArgs<Id>, context: SourceContext]
) => Loaded<V> | PromiseLike<Loaded<V>>

/** Loads several ids at once; answers an array aligned with `ids` (else `SP_SOURCE_SHAPE`). */
export interface BatchSource<Id, V> extends SourceOptions {
  readonly many: (
    ids: readonly Id[],
    context: SourceContext,
  ) => readonly Loaded<V>[] | PromiseLike<readonly Loaded<V>[]>
  /** Most distinct ids per call. Default 200. */
  readonly maxBatch?: number
  /** False: each single read has a call of its own. By default those of one tick share one. */
  readonly gather?: boolean
}

/** A source of one id with options; without them the function alone will do. */
export interface OneSource<Id, V> extends SourceOptions {
  readonly one: SingleSource<Id, V>
}

/** One id or several at once; only a family with parameters has several. */
export type Source<Id, V> =
  | SingleSource<Id, V>
  | OneSource<Id, V>
  | ([Id] extends [undefined] ? never : BatchSource<Id, V>)

/** Sources by family; a family without one can still be read, invalidated and observed. */
export type Sources<F extends Families> = {
  readonly [K in keyof F]?: Source<FamilyId<F[K]>, FamilyValue<F[K]>> | undefined
}
