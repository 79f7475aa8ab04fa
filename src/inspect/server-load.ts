/**
 * Replies of HOTKEYS GET (Redis 8.6) and CLUSTER SLOT-STATS (Valkey 8): what keys and hash slots
 * take of a server.
 */
import { isList, listOf, numberOf, pairsOf } from './reply.ts'

/** A time in which a server has counted by key. Undefined: the server does not tell it. */
export interface HotKeysSession {
  /** False: it is over, and its results are still there. */
  readonly isActive: boolean
  /** One of so many commands was looked at, so the numbers of keys are the least. */
  readonly sampleRatio: number | undefined
  readonly startedMs: number | undefined
  readonly durationMs: number | undefined
  /** Of all commands. */
  readonly cpuUs: number | undefined
  readonly netBytes: number | undefined
  readonly keys: readonly HotKey[]
}

export interface HotKey {
  readonly name: string
  /** Undefined: not counted, or not among the most. */
  readonly cpuUs: number | undefined
  readonly netBytes: number | undefined
}

export interface SlotStats {
  readonly slot: number
  readonly keys: number
  /** Since the start, or since the counters were reset. */
  readonly cpuUs: number
}

/** Undefined: nobody has begun a session. */
export function parseHotKeys(reply: unknown): HotKeysSession | undefined {
  const [only] = listOf(reply)
  // One session stands alone, or in a list of its own.
  const fields = pairsOf(isList(only) ? only : reply)
  if (fields.size === 0) return undefined
  const number = (name: string): number | undefined => numberOf(fields.get(name))
  const cpu = pairsOf(fields.get('by-cpu-time-us'))
  const net = pairsOf(fields.get('by-net-bytes'))
  const names = [...new Set([...cpu.keys(), ...net.keys()])]
  return {
    isActive: number('tracking-active') === 1,
    sampleRatio: number('sample-ratio'),
    startedMs: number('collection-start-time-unix-ms'),
    durationMs: number('collection-duration-ms'),
    cpuUs: number('all-commands-all-slots-us'),
    netBytes: number('net-bytes-all-commands-all-slots'),
    keys: names.map((name) => ({
      name,
      cpuUs: numberOf(cpu.get(name)),
      netBytes: numberOf(net.get(name)),
    })),
  }
}

export function parseSlotStats(reply: unknown): readonly SlotStats[] {
  return listOf(reply).flatMap((row) => {
    if (!isList(row)) return []
    const slot = numberOf(row[0])
    const fields = pairsOf(row[1])
    const cpuUs = numberOf(fields.get('cpu-usec'))
    if (slot === undefined || cpuUs === undefined) return []
    return [{ slot, keys: numberOf(fields.get('key-count')) ?? 0, cpuUs }]
  })
}
