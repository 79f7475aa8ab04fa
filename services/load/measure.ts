/** What one call of the command measures: a run, and if asked for the same without the cache. */
import type { Arguments } from './arguments.ts'
import { type Bar, isValid, merits, savings, soundness, targets } from './bars.ts'
import { highestRate } from './highest-rate.ts'
import type { Mix } from './mix.ts'
import type { LoadReport } from './report.ts'
import { LoadRun, type Phase } from './run.ts'
import { runningSystem, startSystem } from './system.ts'

export interface Result {
  /** By what was measured: `cached`, `uncached`. */
  readonly reports: Readonly<Record<string, LoadReport>>
  readonly bars: readonly Bar[]
  /** False: the generator was late, so nothing is said of the system. */
  readonly isValid: boolean
}

export interface Measuring {
  readonly words: Arguments
  readonly mix: Mix
  readonly onProgress: (text: string) => void
}

/** How long one rate is tried when the highest is looked for. */
const trySeconds = 15

export async function measure(measuring: Measuring): Promise<Result> {
  const { words, mix } = measuring
  const { isCached, seconds, requestsPerSecond = mix.requestsPerSecond } = words
  const phase = { requestsPerSecond, seconds }
  const report = await onSystem(measuring, isCached, (run) => run.phase(phase))
  const bars = [...soundness(report), ...targets(report)]
  if (!isCached) return { reports: { uncached: report }, bars, isValid: isValid(report) }
  const own = {
    reports: { cached: report },
    bars: [...bars, ...merits(report)],
    isValid: isValid(report),
  }
  return words.isComparison ? compared(measuring, phase, own) : own
}

interface OwnResult extends Result {
  readonly reports: { readonly cached: LoadReport }
}

/** Both sides at one rate: the highest that is sustained without the cache. */
async function compared(measuring: Measuring, phase: Phase, own: OwnResult): Promise<Result> {
  measuring.onProgress('the same without the cache')
  const uncached = await onSystem(measuring, false, (run) => highestReport(run, phase, measuring))
  // Nothing to compare with: this machine has other things to do.
  if (uncached === undefined) return { ...own, isValid: false }
  const { requestsPerSecond } = uncached
  if (requestsPerSecond === phase.requestsPerSecond) {
    return withSavings(own, { cached: own.reports.cached, uncached })
  }
  const slower = { ...phase, requestsPerSecond }
  const cached = await onSystem(measuring, true, (run) => run.phase(slower))
  const reports = { ...own.reports, 'cached, at the rate of uncached': cached }
  return withSavings({ ...own, reports }, { cached, uncached })
}

function withSavings(
  own: Result,
  { cached, uncached }: { readonly cached: LoadReport; readonly uncached: LoadReport },
): Result {
  return {
    reports: { ...own.reports, uncached },
    bars: [...own.bars, ...savings(cached, uncached)],
    isValid: own.isValid && isValid(cached) && isValid(uncached),
  }
}

async function highestReport(
  run: LoadRun,
  phase: Phase,
  { onProgress }: Measuring,
): Promise<LoadReport | undefined> {
  const isSustained = async (requestsPerSecond: number): Promise<boolean> => {
    const report = await run.phase({ requestsPerSecond, seconds: trySeconds })
    const bars = [...soundness(report), ...targets(report)]
    const isFine = isValid(report) && bars.every(({ isMet }) => isMet !== false)
    onProgress(`${requestsPerSecond} a second: ${isFine ? 'sustained' : 'not sustained'}`)
    return isFine
  }
  const found = await highestRate({ wanted: phase.requestsPerSecond, isSustained })
  return found === undefined ? undefined : run.phase({ ...phase, requestsPerSecond: found })
}

/** On a system of its own where none is given, so that nothing is left of what came before. */
async function onSystem<R>(
  { words: { url, seed }, mix, onProgress }: Measuring,
  isCached: boolean,
  act: (run: LoadRun) => Promise<R>,
): Promise<R> {
  const started = { isCached, onLine: onProgress }
  const system = url === undefined ? await startSystem(started) : runningSystem(url)
  try {
    onProgress('people and positions')
    const run = await LoadRun.open({ system, mix, seed })
    onProgress('traffic')
    return await act(run).finally(() => run.close())
  } finally {
    await system.close()
  }
}
