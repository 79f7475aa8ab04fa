/** What history says of the memory of the server; nothing where the server did not say. */
import type { HistorySample } from '../history/history-sample.ts'
import type { MemorySample } from './redis-advice.ts'

export function memorySamples(history: readonly HistorySample[]): readonly MemorySample[] {
  return history.flatMap(({ atMs, server }) => {
    const { used_memory: usedBytes, maxmemory: maxBytes } = server
    return usedBytes === undefined ? [] : [{ atMs, usedBytes, maxBytes: maxBytes ?? 0 }]
  })
}
