/**
 * Changes of state in the log, each once. What the partitions of one server share is one
 * line: lost with the first of them, back with the last.
 */
import type { Logger } from '../core/options.ts'
import type { CacheEvent } from '../core/outcome.ts'

export type StateEvent = Extract<CacheEvent, { kind: 'link' | 'trust' | 'incarnation' | 'breaker' }>

export class StateLog {
  readonly #logger: Logger
  readonly #service: string
  readonly #commands = new SharedState()
  readonly #bus = new SharedState()
  readonly #trust = new SharedState()
  /** The last one of each partition; those of one server have the same. */
  readonly #incarnations = new Map<number, string>()

  constructor(logger: Logger, service: string) {
    this.#logger = logger
    this.#service = service
  }

  notify(event: StateEvent): void {
    const [logger, service] = [this.#logger, this.#service]
    switch (event.kind) {
      case 'link': {
        const { link, partition, up, reason } = event
        const state = link === 'bus' ? this.#bus : this.#commands
        if (!state.changed(partition, up)) return
        if (up) logger.info({ service, link }, 'cache link is up')
        else logger.warn({ service, link, reason }, 'cache link is down')
        return
      }
      case 'trust': {
        const { held, reason, partition } = event
        const fields = { service, reason, afterMs: Math.round(event.afterMs) }
        if (!this.#trust.changed(partition, held)) return
        if (held) logger.info(fields, 'cache memory is trusted')
        else logger.warn(fields, 'cache memory is not trusted')
        return
      }
      case 'breaker': {
        const { breaker, before, state, afterMs, retryMs } = event
        const fields = { service, breaker, afterMs: Math.round(afterMs), retryMs }
        if (state === 'closed') logger.info(fields, 'cache breaker is closed')
        else if (before === 'closed') logger.warn(fields, 'cache breaker is open')
        // Trials of the same outage, which has been told.
        else logger.debug(fields, `cache breaker is ${state === 'open' ? 'still open' : 'tried'}`)
        return
      }
      case 'incarnation': {
        const { partition, before, now } = event
        const isKnown = [...this.#incarnations.values()].includes(now)
        this.#incarnations.set(partition, now)
        if (!isKnown) logger.warn({ service, before, now }, 'another Redis answers')
      }
    }
  }
}

class SharedState {
  readonly #lost = new Set<number>()
  #isUp: boolean | undefined

  /** True where there is something to say. */
  changed(partition: number, isUp: boolean): boolean {
    if (isUp) this.#lost.delete(partition)
    else this.#lost.add(partition)
    const before = this.#isUp
    this.#isUp = this.#lost.size === 0
    return before !== this.#isUp
  }
}
