/** The listener's work on the queue of copies, in a process that a test may kill. */
import { openDatabase } from '../../services/database/connection.ts'
import { Closing } from '../../services/process/closing.ts'
import { silentLogger } from '../../services/process/logger.ts'
import { executeDueCopies } from '../../services/workers/copy-executor.ts'
import { TradingClient } from '../../services/workers/trading-client.ts'
import { serveCalls } from '../servers/worker.ts'

export interface CopyWorkerInit {
  readonly databaseUrl: string
  readonly apiUrl: string
}

export type CopyCalls = {
  /** Works until nothing is due. */
  execute: () => Promise<void>
}

serveCalls<CopyWorkerInit>(({ databaseUrl, apiUrl }): CopyCalls => {
  const log = silentLogger()
  const database = openDatabase({ databaseUrl, log, closing: new Closing() })
  const trading = new TradingClient(apiUrl)
  return {
    execute: () => executeDueCopies({ database, trading, log }, new AbortController().signal),
  }
})
