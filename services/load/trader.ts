/** Trades at a fixed rate: buys, and sells what was bought, one trade of a user at a time. */
import { positionSchema } from '../domain/position.ts'
import { round } from '../domain/price.ts'
import type { Chance } from './chance.ts'
import type { Answered, HttpPool } from './http-pool.ts'
import type { Span } from './ledger.ts'
import type { Crowd } from './people.ts'
import type { Witness } from './witness.ts'

export interface TraderOptions {
  readonly api: HttpPool
  readonly crowd: Crowd
  readonly witness: Witness
  readonly chance: Chance
  readonly run: number
}

export interface TradeCounts {
  readonly accepted: number
  readonly refused: number
  readonly skipped: number
}

/** Somebody who has more sells the oldest first. */
const heldMax = 6
const amount = 1
const triesMax = 20

export class Trader {
  readonly #options: TraderOptions
  readonly #busy = new Set<number>()
  readonly #bought = new Map<number, number[]>()
  #orders = 0
  #accepted = 0
  #refused = 0
  #skipped = 0

  constructor(options: TraderOptions) {
    this.#options = options
    for (const [userId, ids] of options.crowd.held) this.#bought.set(userId, [...ids])
  }

  /** Trades that were committed, refused by the market (nobody sells or buys), or not tried. */
  get counts(): TradeCounts {
    return { accepted: this.#accepted, refused: this.#refused, skipped: this.#skipped }
  }

  /** `undefined`: everybody who was tried is trading already. */
  async trade(): Promise<Answered | undefined> {
    const userId = this.#idleUser()
    if (userId === undefined) {
      this.#skipped += 1
      return undefined
    }
    this.#busy.add(userId)
    try {
      const held = this.#bought.get(userId) ?? []
      const [oldest] = held
      const isFull = oldest !== undefined && held.length >= heldMax
      return await this.#options.witness.during(userId, () =>
        isFull ? this.#sell(userId, oldest) : this.#buy(userId),
      )
    } finally {
      this.#busy.delete(userId)
    }
  }

  #idleUser(): number | undefined {
    const { crowd, chance, witness } = this.#options
    for (let tries = 0; tries < triesMax; tries += 1) {
      const id = crowd.users[crowd.byUser.choose(chance)]?.id
      if (id !== undefined && !this.#busy.has(id) && witness.isSure(id)) return id
    }
    return undefined
  }

  async #buy(userId: number): Promise<Answered> {
    const { crowd, chance, run, witness } = this.#options
    this.#orders += 1
    const body = {
      user_id: userId,
      market_id: crowd.tradable[crowd.byTradable.choose(chance)] ?? '',
      outcome: 'yes',
      amount,
      idempotency_key: `load-${run}-${this.#orders}`,
    }
    const { answer, span } = await this.#send('/positions', body)
    if (!this.#isCommitted(userId, answer)) return answer
    const { id } = positionSchema.parse(JSON.parse(answer.text))
    const account = witness.account(userId)
    account.positions.opened(id, span.endedMs)
    account.balance.traded(round(account.balance.balance - amount), span)
    this.#bought.get(userId)?.push(id)
    return answer
  }

  async #sell(userId: number, positionId: number): Promise<Answered> {
    const path = `/positions/${positionId}/close`
    const { answer, span } = await this.#send(path, { user_id: userId })
    // Where nobody buys it at the moment, the next one has its turn.
    const held = this.#bought.get(userId)
    held?.shift()
    if (answer.status === 409) held?.push(positionId)
    if (!this.#isCommitted(userId, answer)) return answer
    const { exitPrice, size } = positionSchema.parse(JSON.parse(answer.text))
    const account = this.#options.witness.account(userId)
    account.positions.closed(positionId, span)
    account.balance.traded(round(account.balance.balance + round((exitPrice ?? 0) * size)), span)
    return answer
  }

  async #send(path: string, body: object): Promise<{ answer: Answered; span: Span }> {
    const beganMs = performance.now()
    const answer = await this.#options.api.send({ method: 'POST', path, body })
    return { answer, span: { beganMs, endedMs: performance.now() } }
  }

  #isCommitted(userId: number, { status }: Answered): boolean {
    if (status === 409) this.#refused += 1
    else if (status >= 200 && status < 300) this.#accepted += 1
    // An order without an answer may have been executed.
    else this.#options.witness.doubt(userId)
    return status >= 200 && status < 300
  }
}
