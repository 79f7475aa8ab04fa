/**
 * 32 evenly spread bits of an id, for ghosts and for sampling: FNV-1a over the code units
 * of a string, then the finalizer of MurmurHash3. Entries can be found without it, so ids
 * chosen to collide gain nothing.
 */
import type { MemoryId } from '../core/contracts/memory.ts'

const OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193
const TWO_32 = 2 ** 32

/** From 0 to 2^32 − 1. */
export function hashOfId(id: MemoryId): number {
  if (typeof id === 'number') return spread(id ^ Math.imul(Math.floor(id / TWO_32), FNV_PRIME))
  let bits = OFFSET
  for (let index = 0; index < id.length; index++) {
    bits = Math.imul(bits ^ id.charCodeAt(index), FNV_PRIME)
  }
  return spread(bits)
}

function spread(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
