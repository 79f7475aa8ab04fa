// The services behind PgBouncer that pools by transaction: nothing of theirs lives in a session.
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../services/api/server.ts'
import { type ApiStage, openApiStage } from '../../services/api/testing/api-stage.ts'
import { exampleRequests } from '../../services/api/testing/example-requests.ts'
import { sampleMarket } from '../../services/api/testing/sample-data.ts'
import { transactor } from '../../services/database/transact.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { executeDueCopies } from '../../services/workers/copy-executor.ts'
import { TradingClient } from '../../services/workers/trading-client.ts'
import { describeWithPgbouncer, startPgbouncer, type TestPooler } from '../servers/pgbouncer.ts'
import { startPostgres, type TestDatabase } from '../servers/postgres.ts'

describeWithPgbouncer('behind a pooler by transaction', () => {
  let server: TestDatabase
  let pooler: TestPooler
  let stage: ApiStage

  beforeAll(async () => {
    server = await startPostgres()
    pooler = await startPgbouncer(server.url, 'transaction')
    const markets = ['11', '12'].map((id) => sampleMarket(id, { groupId: 'g1' }))
    const pooled = { url: pooler.url, stop: () => pooler.stop() }
    stage = await openApiStage(pooled, { markets })
  })
  afterAll(async () => {
    await stage?.close()
    await server?.stop()
  })

  test('every route of the API answers as it does without one', async () => {
    const faults: string[] = []
    for await (const { name, status } of exampleRequests(stage)) {
      if (Number(status) >= 500) faults.push(`${name} ${status}`)
    }
    expect(faults).toEqual([])
  })

  test('transactions at the same time keep apart', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => stage.newUser()))
    const orders = users.flatMap(({ id }) => {
      const body = { user_id: id, market_id: '11', outcome: 'yes', amount: 400 }
      return [1, 2, 3].map(() => stage.ask('/positions', { method: 'POST', body }))
    })
    const ends = await Promise.allSettled(orders)
    // A thousand dollars buy two of the three, whoever of them comes first.
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(40)
  })

  test('a transaction is bounded in time, and its connection is left as it was', async () => {
    const shown = sql`select current_setting('lock_timeout') as lock,
      current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`
    const { rows } = await transactor(stage.database)('any', (transaction) =>
      transaction.execute(shown),
    )
    expect(rows).toEqual([{ lock: '5s', statement: '9s', idle: '30s' }])
    const after = await stage.database.execute(shown)
    expect(after.rows).toEqual([{ lock: '0', statement: '0', idle: '0' }])
  })

  test('the queue of copies is worked off', async () => {
    const { database } = stage
    const trading = new TradingClient(stage.api.url)
    const options = { database, trading, log: silentLogger() }
    await expect(executeDueCopies(options, new AbortController().signal)).resolves.toBeUndefined()
  })

  test('migrations go past it where a direct address is given', async () => {
    const nowhere = 'postgres://127.0.0.1:9/nobody'
    const opened = openApi({ databaseUrl: pooler.url, databaseDirectUrl: nowhere })
    await expect(opened).rejects.toThrow()
    const api = await openApi({ databaseUrl: pooler.url, databaseDirectUrl: server.url })
    await api.close()
  })
})
