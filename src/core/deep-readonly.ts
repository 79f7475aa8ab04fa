/**
 * What callers get: every value is frozen and shared (CONTRACT 1), and its type says
 * so. Arrays and tuples keep their form because the mapped type is homomorphic.
 */

/** Types that have no writable parts we could take away. */
type Atom =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | ((...args: never[]) => unknown)

/** `V` with every property and element read-only, at any depth. */
export type DeepReadonly<V> = unknown extends V
  ? V
  : V extends Atom
    ? V
    : { readonly [K in keyof V]: DeepReadonly<V[K]> }
