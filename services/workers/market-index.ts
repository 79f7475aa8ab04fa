/** Which market each YES token belongs to: what the stream speaks of, in our ids. */
import type { Market } from '../domain/market.ts'

export type IndexedMarket = Pick<Market, 'id' | 'conditionId' | 'yesTokenId'>

/** It only grows, and no further than the table of markets: only what is stored is added. */
export class MarketIndex {
  readonly #marketIdByToken = new Map<string, string>()
  readonly #conditionIds = new Set<string>()
  readonly #marketIds = new Set<string>()

  /** Returns true if there are tokens that were not known before. */
  add(markets: readonly IndexedMarket[]): boolean {
    const before = this.#marketIdByToken.size
    for (const { id, conditionId, yesTokenId } of markets) {
      this.#marketIdByToken.set(yesTokenId, id)
      this.#conditionIds.add(conditionId)
      this.#marketIds.add(id)
    }
    return this.#marketIdByToken.size > before
  }

  /** `undefined` for NO tokens, and for those of markets that were not imported. */
  marketIdOf(tokenId: string): string | undefined {
    return this.#marketIdByToken.get(tokenId)
  }

  knows(conditionId: string): boolean {
    return this.#conditionIds.has(conditionId)
  }

  has(marketId: string): boolean {
    return this.#marketIds.has(marketId)
  }

  get size(): number {
    return this.#marketIdByToken.size
  }

  get marketIds(): string[] {
    return [...this.#marketIds]
  }
}
