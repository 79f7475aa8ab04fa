// The state of the replay: the current quote of every market. Each change gets the next sequence
// number and a timestamp that never goes back, also when the tape starts again, so a reader can
// always tell the newer of two quotes.
import { indexOf } from './fingerprint.ts'
import type { Frame, Market, Quote, QuoteValues } from './market.ts'

/** A quote that changed. */
export interface Move {
  readonly market: Market
  readonly before: Quote
  readonly after: Quote
}

export interface ExchangeOptions {
  readonly markets: readonly Market[]
  /** Slugs that the tape quotes; a market without own quotes borrows the moves of one of them. */
  readonly quoted: readonly string[]
  readonly nowMs: () => number
}

export class Exchange {
  readonly markets: readonly Market[]
  readonly startedAtMs: number
  readonly #nowMs: () => number
  readonly #byId = new Map<string, Market>()
  readonly #byCondition = new Map<string, Market>()
  readonly #byToken = new Map<string, { market: Market; outcomeIndex: 0 | 1 }>()
  readonly #quotes = new Map<string, Quote>()
  readonly #donors = new Map<string, string>()
  readonly #openings = new Map<string, number>()
  readonly #listeners = new Set<(moves: readonly Move[]) => void>()
  #seq: number
  #timestampMs: number

  constructor({ markets, quoted, nowMs }: ExchangeOptions) {
    this.markets = markets
    this.#nowMs = nowMs
    this.startedAtMs = nowMs()
    this.#timestampMs = this.startedAtMs
    // Leaves 1000 numbers for each millisecond: a restarted provider begins above its former self.
    this.#seq = this.startedAtMs * 1000
    const own = new Set(quoted)
    for (const market of markets) {
      this.#byId.set(market.id, market)
      this.#byCondition.set(market.conditionId, market)
      this.#byToken.set(market.tokenIds[0], { market, outcomeIndex: 0 })
      this.#byToken.set(market.tokenIds[1], { market, outcomeIndex: 1 })
      this.#quotes.set(market.id, this.#opening(market))
      const donor = quoted[indexOf(`donor:${market.slug}`, quoted.length)]
      if (!own.has(market.slug) && donor !== undefined) this.#donors.set(market.id, donor)
    }
  }

  market(id: string): Market | undefined {
    return this.#byId.get(id)
  }

  marketOfCondition(conditionId: string): Market | undefined {
    return this.#byCondition.get(conditionId)
  }

  marketOfToken(tokenId: string): { market: Market; outcomeIndex: 0 | 1 } | undefined {
    return this.#byToken.get(tokenId)
  }

  /** The current quote; a market of this exchange always has one. */
  quote(market: Market): Quote {
    const quote = this.#quotes.get(market.id)
    if (quote === undefined) throw new Error(`expected a listed market, got ${market.id}`)
    return quote
  }

  get seq(): number {
    return this.#seq
  }

  /** The number of the next change. */
  nextSeq(): number {
    this.#seq += 1
    return this.#seq
  }

  /** Milliseconds since 1970, never less than before. */
  timestampMs(): number {
    this.#timestampMs = Math.max(this.#timestampMs, this.#nowMs())
    return this.#timestampMs
  }

  /** Takes over the quotes of a recorded moment and tells the listeners what changed. */
  apply(frame: Frame): readonly Move[] {
    const moves: Move[] = []
    for (const market of this.markets) {
      const values = frame.quotes.get(market.slug) ?? this.#borrowed(market, frame)
      if (values === undefined) continue
      const move = this.#take(market, values)
      if (move !== undefined) moves.push(move)
    }
    for (const listener of this.#listeners) listener(moves)
    return moves
  }

  /** Records the price of a trade in the quote of its market. */
  recordTrade(market: Market, lastTradePrice: number, seq: number): void {
    const quote = this.quote(market)
    this.#quotes.set(market.id, {
      ...quote,
      lastTradePrice,
      seq,
      timestampMs: this.timestampMs(),
    })
  }

  /** Calls back with the quotes that changed at each moment; returns how to stop. */
  onMoves(listener: (moves: readonly Move[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #opening(market: Market): Quote {
    const { bid, ask } = market.opening
    const price = middle(market.opening) ?? bid ?? ask ?? 0.5
    return {
      ...market.opening,
      price,
      lastTradePrice: undefined,
      seq: this.nextSeq(),
      timestampMs: this.startedAtMs,
    }
  }

  #take(market: Market, values: QuoteValues): Move | undefined {
    const before = this.quote(market)
    const isSame =
      before.bid === values.bid &&
      before.ask === values.ask &&
      before.volume24h === values.volume24h
    if (isSame) return undefined
    const after: Quote = {
      ...values,
      price: middle(values) ?? before.price,
      lastTradePrice: before.lastTradePrice,
      seq: this.nextSeq(),
      timestampMs: this.timestampMs(),
    }
    this.#quotes.set(market.id, after)
    return { market, before, after }
  }

  /** A market of a file without quotes moves as far from its own opening as its donor has moved. */
  #borrowed(market: Market, frame: Frame): QuoteValues | undefined {
    const donor = this.#donors.get(market.id)
    const recorded = donor === undefined ? undefined : frame.quotes.get(donor)
    const price = recorded === undefined ? undefined : middle(recorded)
    if (donor === undefined || price === undefined) return undefined
    const openedAt = this.#openings.get(donor) ?? price
    this.#openings.set(donor, openedAt)
    const { bid = 0, ask = 1, volume24h } = market.opening
    const shift = price - openedAt
    return { bid: probability(bid + shift), ask: probability(ask + shift), volume24h }
  }
}

function middle({ bid, ask }: QuoteValues): number | undefined {
  return bid === undefined || ask === undefined ? undefined : (bid + ask) / 2
}

/** Kept off 0 and 1, where nobody could trade, and to a tenth of a cent. */
function probability(value: number): number {
  return Math.round(Math.min(0.999, Math.max(0.001, value)) * 1000) / 1000
}
