/**
 * The handle of a family in the arity of its template: with parameters the id comes
 * first, without them it disappears from every signature (CONTRACT 8).
 */
import type {
  GetOptions,
  InvalidateKeysOptions,
  InvalidateOptions,
  SetOptions,
  WaitOptions,
} from '../core/handle.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { RuntimeView } from './family-view.ts'

/** Its type is told by the catalog: see `Cache` in core. */
export type RuntimeHandle = Readonly<Record<string, unknown>>

export function handleOf(family: FamilyRuntime, view: RuntimeView): RuntimeHandle {
  return Object.freeze(family.hasId ? keyed(view) : single(view))
}

function keyed(view: RuntimeView): RuntimeHandle {
  return {
    get: (id: unknown, options?: GetOptions) => view.get(id, options),
    getMany: (ids: readonly unknown[], options?: GetOptions) => view.getMany(ids, options),
    peek: (id: unknown) => view.peek(id),
    lookup: (id: unknown, options?: GetOptions) => view.lookup(id, options),
    lookupMany: (ids: readonly unknown[], options?: GetOptions) => view.lookupMany(ids, options),
    set: (id: unknown, value: unknown, options?: SetOptions) => view.set(id, value, options),
    invalidate: (ids: unknown, options?: InvalidateKeysOptions) =>
      view.invalidate(Array.isArray(ids) ? ids : [ids], options),
    clear: (options?: InvalidateOptions) => view.clear(options),
    refresh: (id: unknown, options?: WaitOptions) => view.refresh(id, options),
    activity: (ids: unknown) => view.activity(Array.isArray(ids) ? ids : [ids]),
    key: (id: unknown) => view.key(id),
    pattern: (fields?: Readonly<Record<string, unknown>>) => view.pattern(fields),
  }
}

function single(view: RuntimeView): RuntimeHandle {
  return {
    get: (options?: GetOptions) => view.get(undefined, options),
    peek: () => view.peek(undefined),
    lookup: (options?: GetOptions) => view.lookup(undefined, options),
    set: (value: unknown, options?: SetOptions) => view.set(undefined, value, options),
    invalidate: (options?: InvalidateKeysOptions) => view.invalidate([undefined], options),
    clear: (options?: InvalidateOptions) => view.clear(options),
    refresh: (options?: WaitOptions) => view.refresh(undefined, options),
    activity: () => view.activity([undefined]),
    key: () => view.key(undefined),
    pattern: () => view.pattern(),
  }
}
