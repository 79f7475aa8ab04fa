/** The memory tier: entries by family and id, bounded by entries and by bytes. */
export { LruMemory } from './lru-memory.ts'
export { noMemory } from './no-memory.ts'
