/** The screen while it is looked at: reads, keys, and what is drawn after each. */
import type { Deferred } from '../../base/deferred.ts'
import { environment } from '../../system.ts'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { pageLines } from './page.ts'
import { Screen } from './screen.ts'
import type { Sight } from './sight.ts'
import { type Sources, snapshotOf } from './snapshot.ts'
import { afterKey, type ViewState } from './view-state.ts'

export interface LiveParts {
  readonly call: Call
  readonly sources: Sources
  readonly sight: Sight
  readonly state: ViewState
  readonly over: Deferred<ExitCode>
}

export class LiveTop {
  readonly #parts: LiveParts
  readonly #screen: Screen
  #state: ViewState
  #problem: string | undefined
  #isReading = false

  constructor(parts: LiveParts) {
    this.#parts = parts
    this.#state = parts.state
    // While the screen is open nothing else may write on it.
    parts.call.terminal.quieten()
    const hasColours = environment('NO_COLOR') === undefined
    const events = { key: (key: string) => this.#key(key), resized: () => this.#draw() }
    this.#screen = new Screen(process, events, hasColours)
    this.#draw()
  }

  get intervalMs(): number {
    return this.#state.intervalMs
  }

  /** Never rejects: what went wrong is shown, and tried again. */
  async read(): Promise<void> {
    if (this.#state.isPaused || this.#isReading) return
    this.#isReading = true
    const { sources, call, sight } = this.#parts
    try {
      sight.take(await snapshotOf(sources, call, this.#state.view))
      this.#problem = undefined
    } catch (error) {
      this.#problem =
        error instanceof Error ? error.message.replace(/^SP_\w+: /, '') : String(error)
    }
    this.#isReading = false
    this.#draw()
  }

  close(): void {
    this.#screen.close()
  }

  #key(key: string): void {
    const before = this.#state
    this.#state = afterKey(before, key)
    const { isOver, view } = this.#state
    if (isOver !== undefined) {
      this.#parts.over.resolve(isOver === 'quit' ? exitCodes.fine : exitCodes.interrupted)
    }
    if (view !== before.view) void this.read()
    this.#draw()
  }

  #draw(): void {
    const { sight, sources } = this.#parts
    this.#screen.draw(() => {
      const heading = { namespace: sources.namespace, problem: this.#problem }
      return pageLines({ sight, heading, state: this.#state }, this.#screen.size)
    })
  }
}
