/** Who holds entries in memory, and the floors below them. */
import { bentocacheObjects, lruCache, peerLibraries, staleproof } from '../libraries/index.ts'
import { itemsMax, type Library, type OpenedLibrary, type Tiers } from '../libraries/library.ts'
import { numberOfText } from '../workload.ts'

export interface Holder {
  readonly library: Library
  readonly tiers: Tiers
}

/** Keys and values in two lists: what no cache can do without. */
export const bareName = 'keys and values alone'
export const ours = staleproof

/** Each list has a pointer for each entry, which is no part of keys and values. */
export const listBytesPerEntry = 16

/** Ours with Redis, since without it the second tier is in this process too. */
export const holders: readonly Holder[] = [
  floorOf(bareName, () => new Lists()),
  floorOf('Map', () => new Map()),
  { library: ours, tiers: 'both' },
  { library: lruCache, tiers: 'memory' },
  ...[...peerLibraries, bentocacheObjects].map((library): Holder => {
    return { library, tiers: library.tiers.includes('memory') ? 'memory' : 'both' }
  }),
]

interface Held {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
}

/** Of their full length from the start, so that they have no room to spare. */
class Lists implements Held {
  readonly #keys = new Array<string>(itemsMax)
  readonly #values = new Array<unknown>(itemsMax)

  get(key: string): unknown {
    return this.#values[numberOfText(key)]
  }

  set(key: string, value: unknown): void {
    this.#keys[numberOfText(key)] = key
    this.#values[numberOfText(key)] = value
  }
}

function floorOf(name: string, make: () => Held): Holder {
  const open = async (load: (key: string) => Promise<unknown>): Promise<OpenedLibrary> => {
    const held = make()
    const fetch = async (key: string) => {
      const found = held.get(key)
      if (found !== undefined) return found
      const value = await load(key)
      held.set(key, value)
      return value
    }
    return { fetch, get: fetch, invalidate: async () => {}, close: async () => {} }
  }
  return {
    library: { name, tiers: ['memory'], open: ({ load }) => open(load) },
    tiers: 'memory',
  }
}
