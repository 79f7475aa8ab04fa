/** The debounces of one process: closed with its cache, while it still works for them. */
import type { Debounce, DebounceOptions } from '../core/debounce.ts'
import { isStaleproofError } from '../core/errors.ts'
import { Debouncer } from './debouncer.ts'
import type { Engine } from './engine.ts'
import { closedError, internalFault, tooManyDebounces } from './faults.ts'

export const debouncesMax = 100

export class Debounces {
  readonly #engine: Engine
  readonly #open = new Set<{ close(): Promise<void> }>()
  #isClosing = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  /** Throws `SP_OPTION_…`, and `SP_CLOSED` as soon as the others are being closed. */
  debounce<K, V>(options: DebounceOptions<K, V>): Debounce<K, V> {
    if (this.#isClosing) throw closedError()
    if (this.#open.size >= debouncesMax) throw tooManyDebounces(debouncesMax)
    const debouncer = new Debouncer<K, V>(this.#engine, options, () => {
      this.#open.delete(debouncer)
    })
    this.#open.add(debouncer)
    return debouncer
  }

  /** Never rejects; what could not be written is told to observers. */
  async close(): Promise<void> {
    this.#isClosing = true
    await Promise.all([...this.#open].map((debouncer) => this.#close(debouncer)))
  }

  async #close(debouncer: { close(): Promise<void> }): Promise<void> {
    try {
      await debouncer.close()
    } catch (cause) {
      const error = isStaleproofError(cause) ? cause : internalFault(cause)
      this.#engine.watchers.tell({ kind: 'fault', error })
    }
  }
}
