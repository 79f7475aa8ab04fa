/**
 * What time it is on the server, for measuring only: no rule depends on it. A beat tells
 * the server's time somewhere between its sending and its reply; the shorter that was, the
 * better it is known, so the quickest of the last few beats counts.
 */

/** Beats that are remembered: about five seconds of them. */
const beatsMax = 10

/** A beat that was answered; own times are monotonic, in milliseconds. */
export interface Exchange {
  readonly sentMs: number
  readonly receivedMs: number
  readonly serverMs: number
}

export class ServerTime {
  readonly #exchanges: Exchange[] = []
  /** Server time minus own time. */
  #offsetMs: number | undefined

  observe(exchange: Exchange): void {
    this.#exchanges.push(exchange)
    if (this.#exchanges.length > beatsMax) this.#exchanges.shift()
    const [first, ...others] = this.#exchanges
    if (first === undefined) return
    const quickest = others.reduce(
      (best, one) => (durationMs(one) < durationMs(best) ? one : best),
      first,
    )
    this.#offsetMs = quickest.serverMs - (quickest.sentMs + quickest.receivedMs) / 2
  }

  /** Another server: its clock has nothing to do with the one before. */
  forget(): void {
    this.#exchanges.length = 0
    this.#offsetMs = undefined
  }

  /** How long ago the server did something; undefined while its time is not known. */
  ageMs(serverMs: number, nowMs: number): number | undefined {
    if (this.#offsetMs === undefined) return undefined
    // The error is half a round trip, either way; nothing happens in the future.
    return Math.max(0, nowMs + this.#offsetMs - serverMs)
  }
}

function durationMs({ sentMs, receivedMs }: Exchange): number {
  return receivedMs - sentMs
}
