/**
 * A family: one kind of cached thing, declared once and shared by every service.
 * Everything is inferred from the template and the schema; `family-rules.ts` checks
 * and resolves the options at run time.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ByteSize } from '../base/byte-size.ts'
import type { Duration } from '../base/duration.ts'
import type { CodecOptions } from './codec-rules.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import { type FamilyRules, resolveFamily } from './family-rules.ts'
import type { RefreshOptions } from './refresh-rules.ts'
import type { CheckedTemplate, FieldsOf, IdArgs, IdOf } from './template-types.ts'
import type { AdaptiveTtlOptions } from './ttl-rules.ts'

type Value<S extends StandardSchemaV1> = DeepReadonly<StandardSchemaV1.InferOutput<S>>
type Tags<V, Id> = (value: V, ...id: IdArgs<Id>) => readonly string[]

interface SharedOptions<S extends StandardSchemaV1, Parameter extends string>
  extends RefreshOptions,
    CodecOptions {
  /** `shape<T>()` or any Standard Schema; checked at fill and on read from Redis. */
  readonly value: S
  /** How long a value lives, from the start of its load, in all tiers together. */
  readonly ttl: Duration
  /** What makes that time shorter or longer from value to value. */
  readonly adaptiveTtl?: AdaptiveTtlOptions<Value<S>>
  /**
   * How long an error of the source is remembered, for each key: callers get the same one
   * without asking it again. An invalidation ends it. Without it, errors are not remembered.
   */
  readonly errorTtl?: Duration
  /**
   * Version of a value: an integer from 0 to 2⁶³−1. Needed for `set`, and obeyed by
   * loads: a lower one never replaces a higher one.
   */
  readonly order?: (value: Value<S>) => number | bigint
  /**
   * True: no process loads these values, they enter by `set` alone; only then may `set` fill
   * an empty slot, and an invalidation keeps the last order as a floor. Needs `order`.
   */
  readonly setOnly?: boolean
  /**
   * How long the source may lag behind its writes, such as a replica. What is loaded so soon
   * after an invalidation is returned, but stored nowhere.
   */
  readonly settle?: Duration
  /**
   * Parameters of the template by which values are grouped: with `['userId']` every one
   * carries the tag `userId:42`, known before it is loaded, for `invalidateTag('userId:42')`.
   */
  readonly tagBy?: readonly Parameter[]
  /** False: values are not frozen, at the author's risk. Default true. */
  readonly freeze?: boolean
  /** Anything that, when it changes, retires the values stored before (CONTRACT 7). */
  readonly versionOf?: readonly VersionPart[]
  /** Larger values (encoded) are returned, but not stored. Default 4 MB. */
  readonly maxValueBytes?: ByteSize
  /** The hit ratio that is expected of it, from 0 to 1: `doctor` tells where it is missed. */
  readonly hitTarget?: number
}

/** Text, a number, or a function, of which the source text counts. */
export type VersionPart = string | number | boolean | bigint | ((...args: never[]) => unknown)

/** Options of `family`. */
export type FamilyOptions<
  Id,
  S extends StandardSchemaV1,
  Parameter extends string = string,
> = SharedOptions<S, Parameter> &
  (
    | {
        readonly negativeTtl?: undefined
        /**
         * Names that group keys across families; called for every value that is stored, and
         * before a load with `undefined` to learn those that follow from the id (it may throw).
         */
        readonly tags?: Tags<Value<S>, Id>
      }
    | {
        /** How long "does not exist" is remembered. Without it, it is not. */
        readonly negativeTtl: Duration
        /** As above; also called with `undefined` for what does not exist. */
        readonly tags?: Tags<Value<S> | undefined, Id>
      }
  )

declare const types: unique symbol

/** A declared family; made by `family`, put into a catalog by `defineCatalog`. */
export interface Family<Id = unknown, V = unknown, P = unknown> {
  readonly template: string
  /** The options, checked and resolved. */
  readonly rules: FamilyRules
  readonly [types]?: { readonly id: Id; readonly value: V; readonly fields: P }
}
/** The id of a family: a value, an object, or `undefined` where there are no parameters. */
export type FamilyId<F> = F extends Family<infer Id> ? Id : never
/** The value of a family, as its schema puts it out. */
export type FamilyValue<F> = F extends Family<unknown, infer V> ? V : never
/** The parameters of a family's template, by name. */
export type FamilyFields<F> = F extends Family<unknown, unknown, infer P> ? P : never

/**
 * Declares a family. Throws `SP_OPTION_UNKNOWN`, `SP_OPTION_INVALID` or
 * `SP_TEMPLATE_INVALID`.
 *
 * @example
 * family('market:{marketId}', { value: shape<Market>(), ttl: '5m', negativeTtl: '30s' })
 */
export function family<const T extends string, S extends StandardSchemaV1>(
  template: CheckedTemplate<T>,
  options: FamilyOptions<IdOf<T>, S, keyof FieldsOf<T> & string>,
): Family<IdOf<T>, StandardSchemaV1.InferOutput<S>, FieldsOf<T>> {
  return Object.freeze({ template, rules: resolveFamily(template, options) })
}
