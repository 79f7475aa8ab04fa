/** What an observer was told, for tests to look at. */
import type { CacheEvent, Observer } from 'staleproof'

type EventOf<K extends CacheEvent['kind']> = Extract<CacheEvent, { kind: K }>

export class Recorder implements Observer {
  readonly hits: boolean
  readonly #events: CacheEvent[] = []

  constructor({ hits = false }: { readonly hits?: boolean } = {}) {
    this.hits = hits
  }

  notify(event: CacheEvent): void {
    this.#events.push(event)
  }

  of<K extends CacheEvent['kind']>(kind: K): EventOf<K>[] {
    return this.#events.filter((event): event is EventOf<K> => event.kind === kind)
  }

  /** Codes of the faults so far. */
  get faults(): string[] {
    return this.of('fault').map(({ error }) => error.code)
  }
}
