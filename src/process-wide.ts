/**
 * What must exist once in a process however often the package or its user's modules
 * are loaded: the embedded stores, and the caches of `openCacheOnce`. The only global
 * of the library, behind one symbol.
 */
const place: unique symbol = Symbol.for('staleproof.process-wide')

interface Shared {
  readonly value: unknown
  readonly edition: unknown
  users: number
}

/** Things of one kind, by name. `T` is the same for every use of one kind. */
export interface Shelf<T> {
  /** Uses the thing of this name, made if nobody uses it; `giveBack` once when done. */
  borrow(name: string, make: () => T): { readonly value: T; readonly giveBack: () => void }
  /** The thing of this name and edition; another edition is handed to `make` to be replaced. */
  keep(name: string, edition: unknown, make: (earlier: T | undefined) => T): T
  forget(name: string, value: T): void
}

export function shelf<T>(kind: string): Shelf<T> {
  const things = shelfOf(kind)
  return {
    borrow(name, make) {
      const shared = things.get(name) ?? { value: make(), edition: undefined, users: 0 }
      things.set(name, shared)
      shared.users++
      let isBack = false
      const giveBack = () => {
        if (isBack) return
        isBack = true
        shared.users--
        if (shared.users === 0) things.delete(name)
      }
      return { value: shared.value as T, giveBack }
    },
    keep(name, edition, make) {
      const known = things.get(name)
      if (known !== undefined && known.edition === edition) return known.value as T
      const value = make(known?.value as T | undefined)
      things.set(name, { value, edition, users: 1 })
      return value
    },
    forget(name, value) {
      if (things.get(name)?.value === value) things.delete(name)
    },
  }
}

function shelfOf(kind: string): Map<string, Shared> {
  const global = globalThis as { [place]?: Map<string, Map<string, Shared>> }
  global[place] ??= new Map()
  const things = global[place].get(kind) ?? new Map<string, Shared>()
  global[place].set(kind, things)
  return things
}
