/** Makes room in a bounded map: what was put in first leaves. */
export function dropOldest<K>(entries: Map<K, unknown>): void {
  for (const key of entries.keys()) {
    entries.delete(key)
    return
  }
}
