/** `top` without a screen: once as text, or a JSON document for each interval. */
import { type FamilyTotals, familyRows } from '../../observe/index.ts'
import { systemClock } from '../../system.ts'
import type { Call } from '../command.ts'
import type { Silence } from '../connection/silence.ts'
import { printLine } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet } from '../flags.ts'
import type { FamilyRates } from './fleet-rates.ts'
import type { Line } from './frame.ts'
import { headerLines } from './header.ts'
import { tableLines } from './page.ts'
import type { Sight } from './sight.ts'
import { demandAnswer, type Sources, snapshotOf } from './snapshot.ts'
import type { ViewState } from './view-state.ts'

/** Wider than a terminal: nothing has to be left out. */
const paperColumns = 120
const rowsMax = 10_000
/** By then every process has published twice. */
const patienceMs = 12_000

/** What `--json` says of one moment. */
export interface TopDocument {
  readonly atMs: number
  readonly namespace: string
  /** Absent, as are all rates: the node where they publish does not answer. */
  readonly processes?: number
  readonly invalidationsSeen: number
  /** What could not be asked now, and why; it is tried again. */
  readonly unasked: readonly Silence[]
  readonly all?: FamilyRates
  readonly families: readonly (FamilyRates & {
    readonly name: string
    readonly totals: FamilyTotals
    readonly loadP95Ms: number
  })[]
}

export interface PrintedParts {
  readonly sources: Sources
  readonly sight: Sight
  readonly state: ViewState
}

export async function printedTop(call: Call, parts: PrintedParts): Promise<ExitCode> {
  const { flags } = call
  const isJson = isSet(flags, 'json')
  const isOnce = isSet(flags, 'once') || !isJson
  let isEnded = false
  const pause = new Pause()
  call.onSignal(() => {
    isEnded = true
    pause.end()
  })
  const untilMs = systemClock.now() + patienceMs
  while (!isEnded) {
    const snapshot = await snapshotOf(parts.sources, call, parts.state.view)
    if (parts.sight.last === undefined) demandAnswer(snapshot)
    parts.sight.take(snapshot)
    const isReady = parts.sight.rates.isReady || systemClock.now() > untilMs
    if (isJson && (isReady || !isOnce)) printLine(call.terminal, 'top', documentOf(parts))
    if (isOnce && isReady) break
    await pause.of(parts.state.intervalMs)
  }
  if (!isJson) call.terminal.print(paperLines(parts))
  if (isEnded) return exitCodes.interrupted
  const { unasked = [], processes = [] } = parts.sight.last ?? {}
  const isWhole = unasked.length === 0 && processes.length > 0
  return isWhole ? exitCodes.fine : exitCodes.incomplete
}

/** Can be ended early. */
class Pause {
  #end: () => void = () => {}

  of(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = systemClock.timer(ms, resolve)
      this.#end = () => {
        timer.cancel()
        resolve()
      }
    })
  }

  end(): void {
    this.#end()
  }
}

function paperLines({ sources, sight, state }: PrintedParts): readonly string[] {
  const heading = { namespace: sources.namespace, problem: undefined }
  const [about, cache, silence] = headerLines({ sight, heading, state }, paperColumns)
  const table = tableLines(sight, state, { columns: paperColumns, rows: rowsMax })
  // What is right of the server is about keys that nobody can press here.
  return [textOf(about?.slice(0, 1)), textOf(cache), textOf(silence), ...table.map(textOf)]
}

function textOf(line: Line | undefined): string {
  return (line ?? [])
    .map(({ text }) => text)
    .join('')
    .trimEnd()
}

function documentOf({ sources, sight }: PrintedParts): TopDocument {
  const { processes, unasked = [] } = sight.last ?? {}
  const fleet = (processes ?? []).map(({ facts }) => facts)
  const families = familyRows(fleet).map(({ name, totals, latencies }) => {
    return { name, ...sight.rates.of(name), totals, loadP95Ms: latencies.load.p95Ms }
  })
  return {
    atMs: systemClock.wallMs(),
    namespace: sources.namespace,
    ...(processes !== undefined && { processes: processes.length, all: sight.all }),
    invalidationsSeen: sight.seen,
    unasked,
    families,
  }
}
