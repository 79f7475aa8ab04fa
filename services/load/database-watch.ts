/** Looks into the database from outside: which prices are committed, and how busy it is. */
import pg from 'pg'
import { z } from 'zod'

/** Quotes are written in the order of their numbers, but for a batch that had to be repeated. */
const overlap = 50_000
const deadlineMs = 5_000
const connectionsMax = 2
const priceRow = z.object({ market_id: z.string(), seq: z.coerce.number() })

export interface DatabaseActivity {
  readonly transactions: number
  readonly rowsRead: number
}

export class DatabaseWatch {
  readonly #pool: pg.Pool
  #newestSeq = 0

  /** Connects when it is asked. */
  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connectionsMax,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
    })
    // The query that fails says so itself.
    this.#pool.on('error', () => {})
  }

  /** Prices that were committed since the last call, at the latest when it resolves. */
  async newPrices(): Promise<readonly { readonly marketId: string; readonly seq: number }[]> {
    const text = 'select market_id, seq from prices where seq > $1'
    const { rows } = await this.#pool.query(text, [this.#newestSeq - overlap])
    const prices = rows.map((row) => priceRow.parse(row))
    for (const { seq } of prices) this.#newestSeq = Math.max(this.#newestSeq, seq)
    return prices.map(({ market_id, seq }) => ({ marketId: market_id, seq }))
  }

  /** Since the database was made, of everybody who uses it. */
  async activity(): Promise<DatabaseActivity> {
    const row = await this.#one(
      `select xact_commit + xact_rollback as transactions, tup_returned as rows_read
       from pg_stat_database where datname = current_database()`,
    )
    const shape = z.object({ transactions: z.coerce.number(), rows_read: z.coerce.number() })
    const { transactions, rows_read } = shape.parse(row)
    return { transactions, rowsRead: rows_read }
  }

  /** The process of the server that serves this connection; on its own machine. */
  async backendPid(): Promise<number> {
    return z.object({ pid: z.number() }).parse(await this.#one('select pg_backend_pid() as pid'))
      .pid
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #one(text: string): Promise<unknown> {
    const { rows } = await this.#pool.query(text)
    return rows[0]
  }
}
