/**
 * Whom a barrier waits for, and how long (PROTOCOL 13, Barrier). Processes that may serve
 * what was invalidated are registered on the server for R after each of their beats. A
 * registry that was lost may have named one that is cut off by now: only when it has kept
 * its birth nonce for R are all such processes past sharing anything.
 */
import type { Member, Registered } from '../core/contracts/store.ts'

/** Largest error of a process's clock rate (ρ). */
export const clockRateError = 0.001
/** How long a process stays registered without a beat (R). */
export const registryMs = 60_000

/** The barrier registry of one partition, as this process has seen it. */
export class Registry {
  #birth: string | undefined
  #sinceMs = 0

  /** The nonce that a beat came back with. */
  seen(birth: string, nowMs: number): void {
    if (birth === this.#birth) return
    this.#birth = birth
    this.#sinceMs = nowMs
  }

  /** Everybody who may share a load is in it. */
  isComplete({ birth }: Registered, nowMs: number): boolean {
    if (birth === '' || birth !== this.#birth) return false
    return nowMs - this.#sinceMs >= registryMs * (1 + 2 * clockRateError)
  }
}

/** After it those who are silent have no trust, and share nothing that began before. */
export function silenceMs(ownTrustMs: number, members: readonly Member[]): number {
  const longestMs = Math.max(ownTrustMs, ...members.map(({ trustMs }) => trustMs))
  return longestMs * (1 + 2 * clockRateError)
}
