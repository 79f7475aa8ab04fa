/** Splits what concerns several partitions; nearly always there is one, and nothing is copied. */
export function byPartition<T extends { readonly partition: number }>(
  items: readonly T[],
): readonly (readonly T[])[] {
  const [first] = items
  if (first === undefined) return []
  if (items.every((item) => item.partition === first.partition)) return [items]
  const groups = new Map<number, T[]>()
  for (const item of items) {
    const group = groups.get(item.partition)
    if (group === undefined) groups.set(item.partition, [item])
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
