/** Who takes part in the stampede. */
import { lruCache, peerLibraries, staleproof } from '../libraries/index.ts'
import type { Library } from '../libraries/library.ts'

export const besieged: readonly Library[] = [staleproof, ...peerLibraries, lruCache]
