/** The memory tier: entries by family and id, bounded by number and bytes. */
export { AdaptiveMemory } from './adaptive-memory.ts'
export { Shards, sampledKeysMax } from './curve/shards.ts'
export { UseSampler } from './curve/use-sampler.ts'
export { hashOfId } from './id-hash.ts'
export { SizedMemory } from './sizing/sized-memory.ts'
