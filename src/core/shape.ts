/** A schema that only names a type: for values that need no check when they are read. */
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** The vendor by which `shape` schemas are recognised. */
export const SHAPE_VENDOR = 'staleproof'

/**
 * Says what a value looks like without checking it. A change of `T` can't be seen at
 * run time: name it in `versionOf`, or use a real schema.
 */
export function shape<T>(): StandardSchemaV1<T, T> {
  // The one unchecked cast: the author vouches for the type, that is what `shape` means.
  const validate = (value: unknown) => ({ value: value as T })
  return { '~standard': { version: 1, vendor: SHAPE_VENDOR, validate } }
}
