/**
 * What the API predicts, and records to predict by: beside the preloader, on the same budget,
 * with readers told apart by whom a request is for.
 */
import type { Predictor, Warmer } from 'staleproof/warm'
import { recordReads } from '../caches/access-record.ts'
import { openMarketPredictor } from '../caches/market-predictor.ts'
import { adminGuard } from '../process/admin-token.ts'
import type { TypedServer } from '../process/http-server.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { followReaders } from './http/reader.ts'

export interface PredictionSettings {
  readonly isOn: boolean
  /** A file that reads are recorded in. */
  readonly recordPath?: string | undefined
}

export interface PredictionFacts {
  readonly warmer: Warmer
  readonly settings: PredictionSettings
  readonly adminToken: string | undefined
  readonly log: ServiceLogger
}

export interface Prediction {
  /** Undefined: nothing is predicted. */
  readonly predictor: Predictor | undefined
  close(): Promise<void>
}

/** Whoever calls it closes what it returns. */
export function addPrediction(app: TypedServer, facts: PredictionFacts): Prediction {
  const { warmer, settings, adminToken, log } = facts
  const who = followReaders(app)
  const predictor = settings.isOn ? openMarketPredictor(warmer, who) : undefined
  const path = settings.recordPath
  const end = path === undefined ? undefined : recordReads({ warmer, who, path, log })
  if (adminToken !== undefined) {
    const onRequest = adminGuard(adminToken)
    app.get('/debug/prediction', { onRequest }, () => ({ predictor: predictor?.report() }))
  }
  return {
    predictor,
    close: async () => {
      predictor?.close()
      await end?.()
    },
  }
}
