/** The promise as an assertion: what peers read after an invalidation, until it is surely due. */
import { expect } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { type Peer, trustMs } from './arena.ts'
import type { RaceFamily } from './catalog.ts'
import { brokenPromises, monotonicMs, type Reading } from './reading.ts'

export interface Promised {
  readonly family: RaceFamily
  readonly id: number
  /** Nothing older may be served. */
  readonly version: number
  /** When the invalidation had resolved. */
  readonly resolvedMs: number
}

/** For so long after Δ reads go on, so that some are invoked when memory is due too. */
const beyondMs = 50

/**
 * Reads again and again for a little longer than Δ in every peer, and then once with proof;
 * none may break the promise. Resolves to what each peer read.
 */
export async function expectPromiseKept(
  peers: readonly Peer[],
  promised: Promised,
  memory: 'memory is used' | 'memory may be out of use' = 'memory is used',
): Promise<readonly (readonly Reading[])[]> {
  const { family, id, version, resolvedMs } = promised
  const untilMs = Math.max(monotonicMs(), resolvedMs + trustMs * 1.001) + beyondMs
  return Promise.all(
    [...new Set(peers)].map(async (peer) => {
      // Plain reads first: one with proof would replace what memory wrongly held.
      const readings = await peer.call('readUntil', family, id, untilMs)
      readings.push(await peer.call('read', family, id, { consistency: 'strict' }))
      expect(brokenPromises(readings, { version, resolvedMs, trustMs }).slice(0, 3)).toEqual([])
      expect(readings.at(-1)?.version).toBe(version)
      // Otherwise nothing would have been said about memory; a slow machine may need longer.
      if (memory === 'memory is used') {
        await eventually('memory is used', async () => {
          if (readings.some((reading) => reading.from === 'memory')) return true
          readings.push(await peer.call('read', family, id))
          return false
        })
        expect(brokenPromises(readings, { version, resolvedMs, trustMs }).slice(0, 3)).toEqual([])
      }
      return readings
    }),
  )
}
