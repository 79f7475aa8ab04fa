/**
 * What time it is on the server, for measuring only: no rule depends on it. A beat tells
 * the server's time somewhere between its sending and its reply; the shorter that was, the
 * better it is known, so the quickest of the last few beats counts.
 */

/** Beats that are remembered: about five seconds of them. */
const beatsMax = 10

/** Smaller steps of the server's clock go unnoticed; clocks that are disciplined slew those. */
export const stepMsMin = 100

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
  /** Since when, on our clock, that of the server has not stepped. */
  #steadySinceMs = Number.POSITIVE_INFINITY

  observe(exchange: Exchange): void {
    this.#noticeStep(exchange)
    this.#exchanges.push(exchange)
    if (this.#exchanges.length > beatsMax) this.#exchanges.shift()
    const [first, ...others] = this.#exchanges
    if (first === undefined) return
    const quickest = others.reduce(
      (best, one) => (durationMs(one) < durationMs(best) ? one : best),
      first,
    )
    this.#offsetMs = offsetMs(quickest)
  }

  /** Another server: its clock has nothing to do with the one before. */
  forget(): void {
    this.#exchanges.length = 0
    this.#offsetMs = undefined
    this.#steadySinceMs = Number.POSITIVE_INFINITY
  }

  /** Times that the server told since then can be compared with each other. */
  isSteadySince(ownMs: number): boolean {
    return ownMs >= this.#steadySinceMs
  }

  /** What the server's clock said at a time of ours; undefined while that is not known. */
  serverMs(ownMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : ownMs + this.#offsetMs
  }

  /** How long ago the server did something; undefined while its time is not known. */
  ageMs(serverMs: number, nowMs: number): number | undefined {
    if (this.#offsetMs === undefined) return undefined
    // The error is half a round trip, either way; nothing happens in the future.
    return Math.max(0, nowMs + this.#offsetMs - serverMs)
  }

  #noticeStep(exchange: Exchange): void {
    const { receivedMs } = exchange
    const known = this.#offsetMs
    if (known === undefined) this.#steadySinceMs = receivedMs
    else if (Math.abs(offsetMs(exchange) - known) > stepMsMin + durationMs(exchange) / 2) {
      this.#exchanges.length = 0
      this.#steadySinceMs = receivedMs
    }
  }
}

/** Known to half of the exchange, either way. */
function offsetMs({ sentMs, receivedMs, serverMs }: Exchange): number {
  return serverMs - (sentMs + receivedMs) / 2
}

function durationMs({ sentMs, receivedMs }: Exchange): number {
  return receivedMs - sentMs
}
