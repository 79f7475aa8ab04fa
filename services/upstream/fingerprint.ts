// All invented values (ids, wallets, sizes, choices) come from a hash of a name and one fixed seed:
// the same slug has the same id on every machine and in every run, without any stored state.
import { createHash } from 'node:crypto'

/** Changing it changes every derived id; see `docs/reference-system/data.md`. */
const SEED = 'staleproof-reference-system-1'
const FNV_START = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193

/** 64 hexadecimal digits that depend on the name and the seed alone. */
export function hexOf(name: string): string {
  return createHash('sha256').update(`${SEED}:${name}`).digest('hex')
}

/**
 * A number in [0, 1) that depends on the name and the seed alone. FNV-1a with a final mix: sizes of
 * book levels need thousands of these in a moment, for which the hash above is too slow.
 */
export function fractionOf(name: string): number {
  let hash = FNV_START
  for (const text of [SEED, name]) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** An integer in [0, count). */
export function indexOf(name: string, count: number): number {
  return Math.floor(fractionOf(name) * count)
}

/** A number between two bounds, the lower included. */
export function between(name: string, low: number, high: number): number {
  return low + fractionOf(name) * (high - low)
}
