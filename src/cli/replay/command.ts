/** `staleproof replay`: what would each policy have hit on your own accesses? */
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { pause } from '../verify/pause.ts'
import { chartLines } from './chart.ts'
import { type TraceCurve, traceCurve } from './curve.ts'
import { curveLines } from './curve-chart.ts'
import { replayOptions } from './options.ts'
import { type Policy, policies, replayOf } from './policies.ts'
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
  const { fractions, isJson, hasCurve } = replayOptions(files, flags)
  const results: Cell[] = []
  const curves: TraceCurve[] = []
  for (const file of files) {
    const trace = await read(file, terminal)
    const cells = await cellsOf(trace, fractions, terminal)
    results.push(...cells)
    if (!isJson) terminal.print([...chartLines(trace, cells, terminal.paint), ''])
    if (!hasCurve) continue
    terminal.progress(() => `${trace.name}: curves`)
    const curve = traceCurve(trace)
    curves.push(curve)
    if (!isJson) terminal.print([...curveLines(curve, terminal.paint), ''])
  }
  const result: ReplayResult = { schemaVersion, results, ...(hasCurve ? { curves } : {}) }
  terminal.print(
    isJson ? [JSON.stringify(result, undefined, 2)] : summaryLines(results, terminal.paint),
  )
  return exitCodes.fine
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
  const accesses = trace.keys.length
  let hits = 0
  for (let from = 0; from < accesses; from += accessesAtOnce) {
    const until = Math.min(accesses, from + accessesAtOnce)
    for (let at = from; at < until; at++) if (isHit(at)) hits++
    onProgress(until / accesses)
    // Whoever wants to interrupt is heard.
    await pause(0)
  }
  return hits / accesses
}
