/** The memory tier of a cache that is opened without one: it holds nothing. */
import type { Memory, Region } from '../core/contracts/memory.ts'

const emptyRegion: Region = Object.freeze({
  count: 0,
  ids: () => [],
  get: () => undefined,
  put: () => false,
  drop: () => false,
  dropAll: () => {},
})

export const noMemory: Memory = Object.freeze({
  region: () => emptyRegion,
  stats: () => ({ entries: 0, bytes: 0, bytesMax: 0, evictions: 0 }),
})
