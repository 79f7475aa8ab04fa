/** Splits what concerns several partitions; nearly always there is one, and nothing is copied. */
export function byPartition<T extends { readonly partition: number }>(
  items: readonly T[],
): readonly (readonly T[])[] {
  return grouped(items, (item) => item.partition)
}

/** Items of one name together, in their order. */
export function grouped<T>(
  items: readonly T[],
  nameOf: (item: T) => unknown,
): readonly (readonly T[])[] {
  const [first] = items
  if (first === undefined) return []
  const firstName = nameOf(first)
  if (items.every((item) => nameOf(item) === firstName)) return [items]
  const groups = new Map<unknown, T[]>()
  for (const item of items) {
    const group = groups.get(nameOf(item))
    if (group === undefined) groups.set(nameOf(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** Consecutive pieces of at most `most` items. */
export function inChunks<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  if (items.length <= most) return items.length === 0 ? [] : [items]
  const chunks: (readonly T[])[] = []
  for (let from = 0; from < items.length; from += most) chunks.push(items.slice(from, from + most))
  return chunks
}
