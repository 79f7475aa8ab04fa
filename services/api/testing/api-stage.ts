/** For tests: an API with a database of its own, and a client that asks as other services do. */

import { type Database, openDatabase } from '../../database/connection.ts'
import { migrate } from '../../database/migrate.ts'
import type { Market } from '../../domain/market.ts'
import type { Quote } from '../../domain/price.ts'
import { type User, userSchema } from '../../domain/user.ts'
import { pricesWritten } from '../../domain/writes.ts'
import { announce } from '../../process/announce.ts'
import { Closing } from '../../process/closing.ts'
import { type JsonAnswer, type JsonRequest, requestJson } from '../../process/http-client.ts'
import { silentLogger } from '../../process/logger.ts'
import { writeQuotes } from '../../workers/repositories/price-writes.ts'
import { type Api, type ApiOptions, openApi } from '../server.ts'
import { addMarkets, anyTelegramId } from './sample-data.ts'

export interface ApiStage {
  readonly api: Api
  readonly database: Database
  readonly databaseUrl: string
  ask(path: string, request?: JsonRequest): Promise<JsonAnswer>
  newUser(): Promise<User>
  /** A price moves: written and told as the workers do it. */
  quote(...quotes: readonly Quote[]): Promise<void>
  close(): Promise<void>
}

/** An empty database that is dropped at the end. */
export interface StageDatabase {
  readonly url: string
  stop(): Promise<void>
}

export type ApiStageOptions = Omit<ApiOptions, 'databaseUrl'> & {
  readonly markets?: readonly Market[]
}

export async function openApiStage(
  server: StageDatabase,
  { markets = [], ...options }: ApiStageOptions = {},
): Promise<ApiStage> {
  const closing = new Closing()
  closing.add(() => server.stop())
  const log = silentLogger()
  const database = openDatabase({ databaseUrl: server.url, log, closing })
  await migrate(database)
  if (markets.length > 0) await addMarkets(database, markets)
  const api = await openApi({ ...options, databaseUrl: server.url })
  closing.add(() => api.close())
  const ask = (path: string, request?: JsonRequest) => requestJson(`${api.url}${path}`, request)
  return {
    api,
    database,
    databaseUrl: server.url,
    ask,
    newUser: async () => {
      const body = { telegram_id: anyTelegramId(), name: 'Ada' }
      return userSchema.parse((await ask('/users', { method: 'POST', body })).body)
    },
    quote: async (...quotes) => {
      const written = await database.transaction((transaction) => writeQuotes(transaction, quotes))
      await announce({ cache: api.cache, log }, { write: pricesWritten, change: written })
    },
    close: () => closing.close(),
  }
}
