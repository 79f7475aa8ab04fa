/** The reads of the mix: which request comes next, and what its answer has to show. */
import { z } from 'zod'
import { marketOrders, marketPageSize, marketPagesMax } from '../domain/market.ts'
import type { Chance } from './chance.ts'
import { Weighted, zipf } from './chance.ts'
import type { Asked } from './http-pool.ts'
import type { Span } from './ledger.ts'
import { type Mix, type ReadKind, readKinds } from './mix.ts'
import type { Crowd } from './people.ts'
import type { Witness } from './witness.ts'

export interface Wish {
  readonly kind: ReadKind
  readonly asked: Asked
  /** Hands what the answer shows to the witness. */
  readonly check?: ((body: unknown, read: Span) => void) | undefined
}

export interface TrafficOptions {
  readonly mix: Mix
  readonly crowd: Crowd
  readonly chance: Chance
  readonly witness: Witness
}

const shownPositions = z.object({ positions: z.array(z.object({ id: z.number() })) })
const shownUser = z.object({ balance: z.number() })
const shownPrice = z.object({ marketId: z.string(), seq: z.number() })
const shownPrices = z.object({ prices: z.array(shownPrice) })

export class Traffic {
  readonly #options: TrafficOptions
  readonly #byKind: Weighted
  readonly #byPage: Weighted

  constructor(options: TrafficOptions) {
    const { weights, zipfExponent } = options.mix
    this.#options = options
    this.#byKind = new Weighted(readKinds.map((kind) => weights[kind]))
    this.#byPage = zipf(marketPagesMax, zipfExponent)
  }

  next(): Wish {
    const kind = readKinds[this.#byKind.choose(this.#options.chance)] ?? 'positions'
    return { kind, ...this.#wish(kind) }
  }

  #wish(kind: ReadKind): Omit<Wish, 'kind'> {
    const { witness } = this.#options
    switch (kind) {
      case 'positions': {
        const user = this.#user()
        return {
          asked: get(`/positions/user/${user.id}`),
          check: (body, read) => witness.positions(user.id, idsOf(body), read),
        }
      }
      case 'profile': {
        const user = this.#user()
        return {
          asked: get(`/users/${user.telegramId}`),
          check: (body, read) => witness.balance(user.id, shownUser.parse(body).balance, read),
        }
      }
      case 'market':
        return { asked: get(`/markets/${encodeURIComponent(this.#market())}`) }
      case 'price':
        return {
          asked: get(`/prices/${encodeURIComponent(this.#market(this.#options.crowd.tradable))}`),
          check: (body, read) => witness.prices([shownPrice.parse(body)], read),
        }
      case 'marketBatch':
        return { asked: post('/markets/batch', { market_ids: this.#batch() }) }
      case 'priceBatch':
        return {
          asked: post('/prices/batch', { market_ids: this.#batch() }),
          check: (body, read) => witness.prices(shownPrices.parse(body).prices, read),
        }
      case 'list':
        return { asked: get(this.#page()) }
      case 'search':
        return { asked: get(`/markets/search?q=${encodeURIComponent(this.#query())}`) }
    }
  }

  #user() {
    const { crowd, chance } = this.#options
    const user = crowd.users[crowd.byUser.choose(chance)]
    if (user === undefined) throw new Error('expected users, got none')
    return user
  }

  #market(ids: readonly string[] = this.#options.crowd.marketIds): string {
    const { crowd, chance } = this.#options
    const weights = ids === crowd.tradable ? crowd.byTradable : crowd.byMarket
    return ids[weights.choose(chance)] ?? ''
  }

  #batch(): string[] {
    const { mix, crowd } = this.#options
    const size = Math.min(mix.batchIds, crowd.marketIds.length)
    const ids = new Set<string>()
    while (ids.size < size) ids.add(this.#market())
    return [...ids]
  }

  #page(): string {
    const { chance } = this.#options
    const order = marketOrders[chance.below(marketOrders.length)]
    const offset = this.#byPage.choose(chance) * marketPageSize
    return `/markets?order=${order}&limit=${marketPageSize}&offset=${offset}`
  }

  #query(): string {
    const { crowd, chance } = this.#options
    return crowd.queries[crowd.byMarket.choose(chance)] ?? ''
  }
}

function idsOf(body: unknown): Set<number> {
  return new Set(shownPositions.parse(body).positions.map(({ id }) => id))
}

function get(path: string): Asked {
  return { method: 'GET', path }
}

function post(path: string, body: object): Asked {
  return { method: 'POST', path, body }
}
