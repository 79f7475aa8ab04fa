/** Tells observers what happened, once, after the fact; one that throws is counted and goes on. */
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CacheEvent, Observer } from '../core/outcome.ts'
import { isObserver, OBSERVERS_MAX } from '../core/resolved-options.ts'

export class Watchers {
  /** Parts of the cache itself: not counted against the bound. */
  readonly #inner: Observer[] = []
  readonly #observers = new Set<Observer>()
  /** Some observer wants memory hits too. */
  wantsHits = false
  errors = 0

  get isWatched(): boolean {
    return this.#observers.size > 0 || this.wantsHits
  }

  /** For the cache's own parts: that they listen makes nobody build events of reads. */
  attach(observer: Observer): void {
    this.#inner.push(observer)
    this.#countHits()
  }

  /** Returns a function that ends it. */
  add(observer: Observer): () => void {
    if (!isObserver(observer)) {
      const details = { expected: 'an object with notify', received: describe(observer) }
      throw new StaleproofError('SP_OPTION_INVALID', 'this can not observe', details)
    }
    if (this.#observers.size >= OBSERVERS_MAX) {
      const expected = `at most ${OBSERVERS_MAX} at a time`
      throw new StaleproofError('SP_OPTION_INVALID', 'one observer too many', { expected })
    }
    this.#observers.add(observer)
    this.#countHits()
    return () => {
      this.#observers.delete(observer)
      this.#countHits()
    }
  }

  tell(event: CacheEvent): void {
    const isHit = event.kind === 'read' && event.outcome.from === 'memory'
    for (const observer of [...this.#inner, ...this.#observers]) {
      if (isHit && observer.hits !== true) continue
      try {
        observer.notify(event)
      } catch {
        this.errors++
      }
    }
  }

  #countHits(): void {
    const all = [...this.#inner, ...this.#observers]
    this.wantsHits = all.some((observer) => observer.hits === true)
  }
}
