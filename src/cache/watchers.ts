/** Tells observers what happened, once, after the fact; one that throws is counted and goes on. */
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CacheEvent, Observer, ReadEvent } from '../core/outcome.ts'
import { isObserver, OBSERVERS_MAX } from '../core/resolved-options.ts'
import { HitShare } from './hit-share.ts'

interface Listener {
  readonly observer: Observer
  /** Of the memory hits that it is told; undefined: none. */
  readonly hits: HitShare | undefined
}

export class Watchers {
  /** Parts of the cache itself: not counted against the bound. */
  readonly #inner: Listener[] = []
  readonly #observers = new Map<Observer, Listener>()
  /** Both of the above; made anew when they change, so that telling makes nothing. */
  #all: readonly Listener[] = []
  /** Of the hits that anybody is told: as many as whoever wants most of them. */
  #hits = new HitShare(1)
  /** Some observer wants memory hits too. */
  wantsHits = false
  errors = 0

  /** How many hits one that is told stands for. */
  get hitWeight(): number {
    return this.#hits.weight
  }

  get isWatched(): boolean {
    return this.#observers.size > 0 || this.wantsHits
  }

  /** For the cache's own parts: that they listen makes nobody build events of reads. */
  attach(observer: Observer): void {
    this.#inner.push(listenerOf(observer))
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
    this.#observers.set(observer, listenerOf(observer))
    this.#listen()
    return () => {
      this.#observers.delete(observer)
      this.#listen()
    }
  }

  /** Whether a memory hit is told, where they are wanted: every one, or one in `hitWeight`. */
  takesHit(): boolean {
    return this.#hits.takes(1)
  }

  tell(event: CacheEvent): void {
    const hit = event.kind === 'read' && event.outcome.from === 'memory' ? event : undefined
    for (const { observer, hits } of this.#all) {
      const told = hit === undefined ? event : hits && shareOf(hits, hit)
      if (told === undefined) continue
      try {
        const answer: unknown = observer.notify(told)
        if (answer instanceof Promise) answer.catch(this.#countError)
      } catch {
        this.errors++
      }
    }
  }

  readonly #countError = (): void => {
    this.errors++
  }

  #listen(): void {
    this.#all = [...this.#inner, ...this.#observers.values()]
    const weights = this.#all.flatMap(({ hits }) => (hits === undefined ? [] : [hits.weight]))
    this.wantsHits = weights.length > 0
    this.#hits = new HitShare(this.wantsHits ? Math.min(...weights) : 1)
  }
}

function listenerOf(observer: Observer): Listener {
  const { hits } = observer
  const weight = typeof hits === 'number' ? hits : 1
  return { observer, hits: hits ? new HitShare(weight) : undefined }
}

/** As one observer is told it; undefined: it isn't, because another one wants more of them. */
function shareOf(hits: HitShare, event: ReadEvent): ReadEvent | undefined {
  if (!hits.takes(event.weight)) return undefined
  return hits.weight <= event.weight ? event : { ...event, weight: hits.weight }
}
