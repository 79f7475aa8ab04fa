/** Tells observers what happened, once, after the fact; one that throws is counted and goes on. */
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CacheEvent, Observer } from '../core/outcome.ts'
import { isObserver, OBSERVERS_MAX } from '../core/resolved-options.ts'

/** Its multiples fall evenly and without a period into [0, 1). */
const goldenRatio = (Math.sqrt(5) - 1) / 2

export class Watchers {
  /** Parts of the cache itself: not counted against the bound. */
  readonly #inner: Observer[] = []
  readonly #observers = new Set<Observer>()
  /** Both of the above; made anew when they change, so that telling makes nothing. */
  #all: readonly Observer[] = []
  /** Some observer wants memory hits too. */
  wantsHits = false
  errors = 0
  /** How many hits one that is told stands for. */
  hitWeight = 1
  #hitsLeft = 0
  #gaps = 0

  get isWatched(): boolean {
    return this.#observers.size > 0 || this.wantsHits
  }

  /** For the cache's own parts: that they listen makes nobody build events of reads. */
  attach(observer: Observer): void {
    this.#inner.push(observer)
    this.#listen()
  }

  /** Returns a function that ends it. */
  add(observer: Observer): () => void {
    if (!isObserver(observer)) {
      const expected = 'an object with notify, and hits of true, false or at least 1'
      const details = { expected, received: describe(observer) }
      throw new StaleproofError('SP_OPTION_INVALID', 'this can not observe', details)
    }
    if (this.#observers.size >= OBSERVERS_MAX) {
      const expected = `at most ${OBSERVERS_MAX} at a time`
      throw new StaleproofError('SP_OPTION_INVALID', 'one observer too many', { expected })
    }
    this.#observers.add(observer)
    this.#listen()
    return () => {
      this.#observers.delete(observer)
      this.#listen()
    }
  }

  /** Whether a memory hit is told, where they are wanted: every one, or one in `hitWeight`. */
  takesHit(): boolean {
    if (this.hitWeight === 1) return true
    this.#hitsLeft--
    if (this.#hitsLeft > 0) return false
    // Uneven, or a caller whose reads repeat in step with it would be seen always or never.
    this.#gaps = (this.#gaps + goldenRatio) % 1
    this.#hitsLeft = 1 + Math.round(2 * (this.hitWeight - 1) * this.#gaps)
    return true
  }

  tell(event: CacheEvent): void {
    const isHit = event.kind === 'read' && event.outcome.from === 'memory'
    for (const observer of this.#all) {
      if (isHit && !observer.hits) continue
      try {
        observer.notify(event)
      } catch {
        this.errors++
      }
    }
  }

  #listen(): void {
    this.#all = [...this.#inner, ...this.#observers]
    const rates = this.#all.flatMap(({ hits }) =>
      typeof hits === 'number' ? [hits] : hits ? [1] : [],
    )
    this.wantsHits = rates.length > 0
    this.hitWeight = this.wantsHits ? Math.min(...rates) : 1
  }
}
