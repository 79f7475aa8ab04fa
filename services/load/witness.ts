/** Holds every ledger, judges every read that shows something which was written, and counts. */
import { BalanceLedger, PositionLedger, PriceLedger, type Span, type Verdict } from './ledger.ts'
import type { Crowd } from './people.ts'

export interface Findings {
  /** Reads that were compared with what had been committed. */
  readonly judged: number
  readonly stale: number
  readonly wrong: number
  /** The first of them, in words. */
  readonly examples: readonly string[]
}

interface Account {
  readonly positions: PositionLedger
  readonly balance: BalanceLedger
  /** Judgements of reads that ended during a trade: they need to know what became of it. */
  waiting: (() => void)[] | undefined
}

const examplesMax = 5

export class Witness {
  readonly #accounts: ReadonlyMap<number, Account>
  readonly #prices = new PriceLedger()
  /** Users with a trade of which nobody knows whether it was committed. */
  readonly #doubtful = new Set<number>()
  #judged = 0
  #stale = 0
  #wrong = 0
  readonly #examples: string[] = []

  constructor({ users, held }: Pick<Crowd, 'users' | 'held'>) {
    this.#accounts = new Map(
      users.map(({ id, balance }) => {
        const positions = new PositionLedger(held.get(id) ?? [])
        return [id, { positions, balance: new BalanceLedger(balance), waiting: undefined }]
      }),
    )
  }

  get findings(): Findings {
    return {
      judged: this.#judged,
      stale: this.#stale,
      wrong: this.#wrong,
      examples: this.#examples,
    }
  }

  account(userId: number): Account {
    const account = this.#accounts.get(userId)
    if (account === undefined) throw new Error(`expected a user of this run, got ${userId}`)
    return account
  }

  /** Runs a trade of this user; what is read meanwhile is judged when its outcome is known. */
  async during<R>(userId: number, trade: () => Promise<R>): Promise<R> {
    const account = this.account(userId)
    const waiting: (() => void)[] = []
    account.waiting = waiting
    try {
      return await trade()
    } finally {
      account.waiting = undefined
      for (const judge of waiting) judge()
    }
  }

  /** From now on nothing that this user reads is judged. */
  doubt(userId: number): void {
    this.#doubtful.add(userId)
  }

  isSure(userId: number): boolean {
    return !this.#doubtful.has(userId)
  }

  sawPrice(marketId: string, seq: number, atMs: number): void {
    this.#prices.saw(marketId, seq, atMs)
  }

  positions(userId: number, shown: ReadonlySet<number>, read: Span): void {
    this.#whenSettled(userId, ({ positions }) => {
      const what = `positions of user ${userId}: ${[...shown].join(' ')}`
      this.#count(positions.judge(shown, read), what)
    })
  }

  balance(userId: number, shown: number, read: Span): void {
    this.#whenSettled(userId, ({ balance }) => {
      const what = `balance of user ${userId}: ${shown}, now ${balance.balance}`
      this.#count(balance.judge(shown, read), what)
    })
  }

  /** One read, however many prices it shows; of prices that nobody watches nothing is known. */
  prices(shown: readonly { marketId: string; seq: number }[], read: Span): void {
    const verdicts = shown.map((price) => this.#prices.judge(price, read))
    if (verdicts.every((verdict) => verdict === undefined)) return
    const old = shown[verdicts.indexOf('stale')]
    this.#count(old === undefined ? 'current' : 'stale', `price of ${old?.marketId}: ${old?.seq}`)
  }

  #whenSettled(userId: number, judge: (account: Account) => void): void {
    const account = this.account(userId)
    const run = () => {
      if (this.isSure(userId)) judge(account)
    }
    if (account.waiting === undefined) run()
    else account.waiting.push(run)
  }

  #count(verdict: Verdict, what: string): void {
    this.#judged += 1
    if (verdict === 'current') return
    if (verdict === 'stale') this.#stale += 1
    else this.#wrong += 1
    if (this.#examples.length < examplesMax) this.#examples.push(`${verdict}: ${what}`)
  }
}
