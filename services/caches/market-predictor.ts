/**
 * Predictions of what a trader reads next: the markets on a list that he has opened, or those
 * that he holds. What he is likely to read is loaded while he looks at what he has; the guard of
 * the predictor switches it off where most of that is not read.
 */
import { openPredictor, type Predictor, type Warmer } from 'staleproof/warm'

/** Who reads now, where it is known. */
export type Reader = () => string | undefined

/** Shares the budget of the warmer, and comes behind readers. */
export function openMarketPredictor(warmer: Warmer, who: Reader): Predictor {
  return openPredictor(warmer, { families: ['marketList', 'positions', 'market', 'price'], who })
}
