/** Health of a process's cache: what it can't do now, why, and since when (CONTRACT 29). */
import type { CacheEvent, Observer } from '../core/outcome.ts'
import type { Health } from '../core/stats.ts'
import type { Engine, Partition } from './engine.ts'

export class Pulse implements Observer {
  readonly #engine: Engine
  #state: Health['state'] = 'ok'
  #sinceMs: number
  /** Why the connection for commands went down last. */
  #lost = ''

  constructor(engine: Engine) {
    this.#engine = engine
    this.#sinceMs = engine.clock.wallMs()
  }

  /** Looks at every change that may matter, so that `sinceMs` is true. */
  notify(event: CacheEvent): void {
    if (event.kind === 'link' && event.link === 'commands' && !event.up) this.#lost = event.reason
    if (event.kind === 'link' || event.kind === 'trust') this.take()
    if (event.kind === 'invalidate' && event.via !== 'message') this.take()
  }

  take(): Health {
    const { partitions } = this.#engine
    const isDown = partitions.every((each) => this.#isAway(each) || each.breaker.isOpen)
    const reasons = this.#reasons()
    const state = isDown ? 'down-to-source' : reasons.length > 0 ? 'degraded' : 'ok'
    if (state !== this.#state) {
      this.#state = state
      this.#sinceMs = this.#engine.clock.wallMs()
    }
    return { state, reasons, sinceMs: this.#sinceMs }
  }

  #reasons(): readonly string[] {
    const { partitions, clock, journal, settings, store } = this.#engine
    const now = clock.now()
    const reasons: string[] = []
    const because = this.#lost === '' ? '' : `: ${this.#lost}`
    const away = partitions.filter((partition) => this.#isAway(partition))
    const silent = partitions.filter((each) => each.breaker.isOpen && !away.includes(each))
    if (away.length > 0) reasons.push(`Redis is not connected${this.#shareOf(away)}${because}`)
    if (silent.length > 0) reasons.push(`Redis does not answer in time${this.#shareOf(silent)}`)
    const contradiction = partitions.find(({ trust }) => trust.contradiction !== undefined)
    if (contradiction) {
      reasons.push(`SP_WIRE_MISMATCH: another process uses ${contradiction.trust.contradiction}`)
    } else if (settings.hasMemory && partitions.some(({ trust }) => !trust.isTrusted(now))) {
      reasons.push('memory is not trusted: its messages may have been missed')
    }
    const unfit = partitions.map(({ index }) => store.connectedOf(index)?.unfitEviction)
    const policy = unfit.find((one) => one !== undefined)
    if (policy !== undefined) {
      reasons.push(`Redis evicts by ${policy}: use allkeys-lru or allkeys-lfu, or leases go first`)
    }
    if (journal.size > 0) reasons.push(`${journal.size} invalidations are pending`)
    return reasons
  }

  #isAway({ index }: Partition): boolean {
    return this.#engine.store.connectedOf(index) === undefined
  }

  #shareOf({ length }: readonly Partition[]): string {
    const all = this.#engine.partitions.length
    return length === all ? '' : ` for ${length} of ${all} partitions`
  }
}
