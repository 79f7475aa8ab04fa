/**
 * What callers get: every value is frozen and shared (CONTRACT 1), and its type says so.
 * Tuples keep their form because the mapped type is homomorphic. Arrays have a branch of
 * their own: mapped, their elements would be resolved at once, which never ends for types
 * such as `type Json = string | Json[]`.
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
    : V extends readonly (infer E)[]
      ? E[] extends V
        ? readonly DeepReadonly<E>[]
        : { readonly [K in keyof V]: DeepReadonly<V[K]> }
      : { readonly [K in keyof V]: DeepReadonly<V[K]> }
