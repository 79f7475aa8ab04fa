/** Equality of carried values; a property that is `undefined` equals an absent one. */

export function deepEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (left === null || right === null || Array.isArray(left) !== Array.isArray(right)) return false
  const [mine, theirs] = [presentParts(left), presentParts(right)]
  if (mine.size !== theirs.size) return false
  for (const [name, value] of mine) {
    if (!theirs.has(name) || !deepEqual(value, theirs.get(name))) return false
  }
  return true
}

function presentParts(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([, part]) => part !== undefined))
}
