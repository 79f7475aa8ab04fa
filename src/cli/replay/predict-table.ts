/** What prediction gained, in one table of 80 columns. */
import type { Paint } from '../paint.ts'
import { columns } from '../table.ts'
import { percentText, points, shortened } from './chart.ts'
import type { Prediction } from './predict.ts'
import { gain } from './summary.ts'

const nameColumns = 17

/** Precision and load in percent of preloads and of the loads without prediction. */
export function predictionLines(
  predictions: readonly Prediction[],
  paint: Paint,
): readonly string[] {
  const head = [
    'prediction',
    '  size',
    'in',
    '  own',
    ' with',
    '     gain',
    ' used',
    ' load',
    'guard',
  ]
  return columns([head, ...predictions.map((each) => rowOf(each, paint))], paint)
}

function rowOf(prediction: Prediction, paint: Paint): readonly string[] {
  const { trace, fraction, distance, hitRatio, hitRatioPredicted, precision } = prediction
  return [
    shortened(trace, nameColumns),
    percentText(fraction),
    String(distance).padStart(2),
    points(hitRatio),
    points(hitRatioPredicted),
    gain(hitRatioPredicted - hitRatio, paint),
    precision === undefined ? '    –' : points(precision),
    points(prediction.originLoad),
    `${prediction.state} ${Math.round(prediction.onShare * 100)} %`,
  ]
}
