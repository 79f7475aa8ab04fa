/**
 * Places to read from, in their order: what the first does not have or can't say, the next is
 * asked for. The last one decides: what it does not have does not exist, and when it fails, its
 * error is the answer. Absence is never concluded from a failure, nor from a source that was not
 * asked.
 */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import { invalid } from '../core/option-checks.ts'
import type { BatchSource, Loaded, SourceContext } from '../core/source.ts'
import type { ResolvedFirstOf } from './first-of-options.ts'
import { ReadLine, type ReadSourceStats } from './read-line.ts'

/** Fits into `sources` of `openCache`. */
export interface FirstOf<Id, V> extends BatchSource<Id, V> {
  /** The best one first. */
  stats(): readonly ReadSourceStats[]
  enable(source: string): void
  disable(source: string): void
}

export interface FirstOfParts {
  readonly clock: Clock
  readonly chance: Chance
}

export class FirstOfSources<Id, V> implements FirstOf<Id, V> {
  readonly #name: string
  readonly #lines: readonly ReadLine<Id, V>[]

  constructor({ name, sources, log }: ResolvedFirstOf<Id, V>, parts: FirstOfParts) {
    this.#name = name
    this.#lines = sources.map((source) => new ReadLine(source, { ...parts, log, group: name }))
  }

  async many(ids: readonly Id[], context: SourceContext): Promise<Loaded<V>[]> {
    const values = ids.map((): Loaded<V> => undefined)
    let open = [...ids.entries()]
    let fault: { readonly error: unknown } | undefined
    for (const line of this.#lines) {
      if (!line.isEnabled) {
        fault ??= { error: switchedOff(this.#name, line.name) }
        continue
      }
      context.signal.throwIfAborted()
      try {
        const asked = open.map(([, id]) => id)
        const answered = await line.ask(asked, context)
        for (const [at, [place]] of open.entries()) values[place] = answered[at]
        open = open.filter(([place]) => values[place] === undefined)
        fault = undefined
      } catch (error) {
        fault = { error }
      }
      if (open.length === 0) return values
    }
    if (fault !== undefined) throw fault.error
    return values
  }

  stats(): readonly ReadSourceStats[] {
    return this.#lines.map((line) => line.stats())
  }

  enable(name: string): void {
    this.#named(name).isEnabled = true
  }

  disable(name: string): void {
    this.#named(name).isEnabled = false
  }

  #named(name: string): ReadLine<Id, V> {
    const found = this.#lines.find((line) => line.name === name)
    if (found !== undefined) return found
    const names = this.#lines.map((line) => line.name).join(', ')
    throw invalid(`sources '${this.#name}'`, 'source', `one of ${names}`, name)
  }
}

function switchedOff(sources: string, name: string): StaleproofError {
  const message = `'${name}' of '${sources}' is switched off`
  return new StaleproofError('SP_SOURCE_UNAVAILABLE', message)
}
