/** `staleproof replay`: what would each policy have hit on your own accesses? */
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Paint } from '../paint.ts'
import type { Terminal } from '../terminal.ts'
import { pause } from '../verify/pause.ts'
import { chartLines } from './chart.ts'
import { type TraceCurve, traceCurve } from './curve.ts'
import { curveLines } from './curve-chart.ts'
import { replayOptions } from './options.ts'
import { type Policy, policies, replayOf } from './policies.ts'
import { distances, PredictedReplay, type Prediction } from './predict.ts'
import { predictionLines } from './predict-table.ts'
import { type Cell, capacityOf, type ReplayResult, schemaVersion } from './result.ts'
import { summaryLines } from './summary.ts'
import type { Trace } from './trace.ts'
import { readTrace } from './trace-reader.ts'

/** So many accesses without a look at signals and the progress. */
const accessesAtOnce = 1 << 16

/** Resolves to the exit code; throws `SP_OPTION_INVALID` and `SP_TRACE_INVALID`. */
export async function replay(
  files: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<ExitCode> {
  const { fractions, isJson, hasCurve, hasPredictions } = replayOptions(files, flags)
  const results: Cell[] = []
  const curves: TraceCurve[] = []
  const predictions: Prediction[] = []
  for (const file of files) {
    const trace = await read(file, terminal)
    const cells = await cellsOf(trace, fractions, terminal)
    results.push(...cells)
    if (!isJson) terminal.print([...chartLines(trace, cells, terminal.paint), ''])
    if (hasPredictions) predictions.push(...(await predictionsOf(trace, fractions, terminal)))
    if (!hasCurve) continue
    terminal.progress(() => `${trace.name}: curves`)
    const curve = traceCurve(trace)
    curves.push(curve)
    if (!isJson) terminal.print([...curveLines(curve, terminal.paint), ''])
  }
  const result: ReplayResult = {
    schemaVersion,
    results,
    ...(hasCurve ? { curves } : {}),
    ...(hasPredictions ? { predictions } : {}),
  }
  terminal.print(isJson ? [JSON.stringify(result, undefined, 2)] : textOf(result, terminal.paint))
  return exitCodes.fine
}

function textOf({ results, predictions }: ReplayResult, paint: Paint): readonly string[] {
  const summary = summaryLines(results, paint)
  return predictions === undefined
    ? summary
    : [...summary, '', ...predictionLines(predictions, paint)]
}

async function read(file: string, terminal: Terminal): Promise<Trace> {
  const trace = await readTrace(file, (accesses) => {
    terminal.progress(() => `${file}: ${accesses.toLocaleString('en-US')} accesses read`)
  })
  const { name, badLines, isCut, keys } = trace
  if (badLines > 0) terminal.say(`${name}: ${badLines} lines without a key were passed over`)
  if (isCut) terminal.say(`${name}: only the first ${keys.length} accesses are replayed`)
  return trace
}

async function cellsOf(
  trace: Trace,
  fractions: readonly number[],
  terminal: Terminal,
): Promise<readonly Cell[]> {
  const cells: Cell[] = []
  for (const fraction of fractions) {
    const capacity = capacityOf(fraction, trace.keyCount)
    for (const policy of policies) {
      const hitRatio = await hitRatioOf(trace, { policy, capacity }, (share) => {
        const percent = Math.floor(share * 100)
        const size = `${capacity.toLocaleString('en-US')} entries`
        terminal.progress(() => `${trace.name}: ${policy} with ${size}, ${percent} %`)
      })
      cells.push({ trace: trace.name, policy, fraction, capacity, hitRatio })
    }
  }
  return cells
}

async function hitRatioOf(
  trace: Trace,
  { policy, capacity }: { readonly policy: Policy; readonly capacity: number },
  onProgress: (share: number) => void,
): Promise<number> {
  const isHit = replayOf(policy, trace, capacity)
  let hits = 0
  await inPieces(trace, onProgress, (at) => {
    if (isHit(at)) hits++
  })
  return hits / trace.keys.length
}

async function predictionsOf(
  trace: Trace,
  fractions: readonly number[],
  terminal: Terminal,
): Promise<readonly Prediction[]> {
  const predictions: Prediction[] = []
  for (const fraction of fractions) {
    const capacity = capacityOf(fraction, trace.keyCount)
    for (const distance of distances) {
      const predicted = new PredictedReplay(trace, { fraction, capacity, distance })
      const onProgress = (share: number): void => {
        const percent = Math.floor(share * 100)
        terminal.progress(() => `${trace.name}: predictions, loads of ${distance}, ${percent} %`)
      }
      await inPieces(trace, onProgress, (at) => predicted.read(at))
      predictions.push(predicted.result())
    }
  }
  return predictions
}

async function inPieces(
  { keys }: Trace,
  onProgress: (share: number) => void,
  read: (at: number) => void,
): Promise<void> {
  const accesses = keys.length
  for (let from = 0; from < accesses; from += accessesAtOnce) {
    const until = Math.min(accesses, from + accessesAtOnce)
    for (let at = from; at < until; at++) read(at)
    onProgress(until / accesses)
    // Whoever wants to interrupt is heard.
    await pause(0)
  }
}
