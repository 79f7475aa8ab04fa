/** When each access of a trace is repeated: the one thing that only hindsight knows. */
import type { Trace } from './trace.ts'

/** Larger than every position. */
export const neverAgain = 0xffff_ffff

/** For each access the position of the next one of the same key. */
export function nextUsesOf({ keys, keyCount }: Trace): Uint32Array {
  const next = new Uint32Array(keys.length)
  const seen = new Uint32Array(keyCount).fill(neverAgain)
  for (let at = keys.length - 1; at >= 0; at--) {
    const key = keys[at] ?? 0
    next[at] = seen[key] ?? neverAgain
    seen[key] = at
  }
  return next
}
