/**
 * What this process has seen of some keys: the newest version, and the last invalidation. In
 * one incarnation a slot never goes back behind either, so one that does holds what nobody
 * stored there by the rules.
 *
 * Births and invalidations are times of the server; they can be compared as long as its clock
 * has not stepped since they were noted.
 */

/** Keys that are remembered; the one that was noted first is forgotten first. */
export const sightingsMax = 4_096

/** A version of a value. */
export interface Version {
  /** Server ms. */
  readonly bornMs: number
  readonly order: string
  readonly clock: number
  readonly tags: readonly string[]
}

export interface Sighting {
  /** Undefined: none since the last invalidation. */
  readonly version: Version | undefined
  /** Server ms of the last invalidation that was heard; 0: none. */
  readonly invalidatedMs: number
  /** When it was noted, on our own clock. */
  readonly notedMs: number
}

export class Sightings {
  readonly #now: () => number
  readonly #byKey = new Map<string, Sighting>()

  constructor(now: () => number) {
    this.#now = now
  }

  get count(): number {
    return this.#byKey.size
  }

  of(key: string): Sighting | undefined {
    return this.#byKey.get(key)
  }

  /** An older one than is known changes nothing. */
  seen(key: string, version: Version): void {
    const known = this.#byKey.get(key)
    const before = known?.version
    if (before !== undefined && !isNewer(version, before)) return
    const invalidatedMs = known?.invalidatedMs ?? 0
    // The earlier of both times: what was noted then is still compared with.
    const notedMs = invalidatedMs === 0 ? this.#now() : (known?.notedMs ?? this.#now())
    this.#note(key, { version, invalidatedMs, notedMs })
  }

  /** What was seen before may have been replaced by anything. */
  invalidated(keys: readonly string[], serverMs: number): void {
    for (const key of keys) {
      this.#note(key, { version: undefined, invalidatedMs: serverMs, notedMs: this.#now() })
    }
  }

  #note(key: string, sighting: Sighting): void {
    this.#byKey.delete(key)
    this.#byKey.set(key, sighting)
    if (this.#byKey.size <= sightingsMax) return
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest)
      return
    }
  }
}

function isNewer(version: Version, before: Version): boolean {
  return version.order > before.order || version.bornMs > before.bornMs
}
