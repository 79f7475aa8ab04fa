/**
 * An open loop: requests are sent when they are due, whether or not earlier ones were answered,
 * and each is timed from the moment that it was due. A system that hesitates can't slow down
 * those who ask it, so its hesitation shows in every latency that it touched.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Chance } from './chance.ts'

export interface ArrivalOptions {
  readonly perSecond: number
  readonly seconds: number
  readonly chance: Chance
  /** One more is not sent but counted as dropped. */
  readonly inFlightMax: number
  /** Never rejects. */
  readonly act: (dueMs: number) => Promise<void>
}

export interface Arrivals {
  readonly due: number
  readonly dropped: number
  /** By how much each was sent too late, in milliseconds: the fault of this process. */
  readonly lagsMs: readonly number[]
}

/** Resolves when the time is over and everything that was sent has been answered. */
export async function letArrive(options: ArrivalOptions): Promise<Arrivals> {
  const { perSecond, seconds, chance, inFlightMax, act } = options
  const lagsMs: number[] = []
  const inFlight = new Set<Promise<void>>()
  let due = 0
  let dropped = 0
  let dueMs = performance.now()
  const endMs = dueMs + seconds * 1_000
  for (;;) {
    dueMs += chance.gap(perSecond) * 1_000
    if (dueMs >= endMs) break
    await until(dueMs)
    due += 1
    lagsMs.push(Math.max(0, performance.now() - dueMs))
    if (inFlight.size >= inFlightMax) {
      dropped += 1
      continue
    }
    const sent = act(dueMs)
    inFlight.add(sent)
    void sent.finally(() => inFlight.delete(sent))
  }
  await Promise.all(inFlight)
  return { due, dropped, lagsMs }
}

/** Does not wait at all for what is due already. */
async function until(atMs: number): Promise<void> {
  const leftMs = atMs - performance.now()
  if (leftMs > 0) await wait(Math.ceil(leftMs))
}
