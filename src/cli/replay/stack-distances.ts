/**
 * The exact miss-ratio curve of a trace: from each access, how many distinct keys were read
 * since the one before of the same key (Mattson et al., 1970). A tree of counts over all
 * positions makes it O(log n) for each.
 */
import type { Trace } from './trace.ts'

/** For each size from 0 to the number of keys, the share of accesses that it misses. */
export function exactCurve({ keys, keyCount }: Trace): Float64Array {
  const hitsFrom = new Float64Array(keyCount + 1)
  const tree = new Int32Array(keys.length + 1)
  const last = new Int32Array(keyCount)
  let distinct = 0
  for (let position = 1; position <= keys.length; position++) {
    const key = keys[position - 1] ?? 0
    const before = last[key] ?? 0
    if (before === 0) distinct++
    else {
      const distance = distinct - sumTo(tree, before) + 1
      hitsFrom[distance] = (hitsFrom[distance] ?? 0) + 1
      add(tree, before, -1)
    }
    add(tree, position, 1)
    last[key] = position
  }
  let hits = 0
  return hitsFrom.map((more) => {
    hits += more
    return 1 - hits / keys.length
  })
}

function add(tree: Int32Array, position: number, difference: number): void {
  for (let at = position; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + difference
}

function sumTo(tree: Int32Array, position: number): number {
  let sum = 0
  for (let at = position; at > 0; at &= at - 1) sum += tree[at] ?? 0
  return sum
}
