/** Which market each YES token belongs to: what the stream speaks of, in our ids. */
import type { Market } from '../domain/market.ts'

export class MarketIndex {
  #marketIdByToken: ReadonlyMap<string, string> = new Map()

  /** Replaces what was known. Returns true if there are tokens that were not known before. */
  replace(markets: readonly Market[]): boolean {
    const before = this.#marketIdByToken
    this.#marketIdByToken = new Map(markets.map((market) => [market.yesTokenId, market.id]))
    return markets.some((market) => !before.has(market.yesTokenId))
  }

  /** `undefined` for NO tokens, and for those of markets that were not imported. */
  marketIdOf(tokenId: string): string | undefined {
    return this.#marketIdByToken.get(tokenId)
  }

  get tokenIds(): string[] {
    return [...this.#marketIdByToken.keys()]
  }

  get marketIds(): string[] {
    return [...this.#marketIdByToken.values()]
  }
}
