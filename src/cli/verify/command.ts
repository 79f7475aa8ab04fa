/** `staleproof verify`: does the promise hold here? */
import { systemClock } from '../../system.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { GivenTarget } from './given-target.ts'
import { judge } from './judge.ts'
import { type GivenMode, type OwnMode, verifyOptions } from './options.ts'
import { OwnServers } from './own-servers.ts'
import { checkLines, number, runLines } from './report.ts'
import { type CheckResult, schemaVersion, type Verdict, verdictOf } from './result.ts'
import { type Progress, Run, type RunOptions } from './run.ts'

const progressEveryMs = 100

/** Resolves to the exit code. `onSignal` is told whom to call when the user ends it. */
export async function verify(
  flags: Readonly<Record<string, unknown>>,
  terminal: Terminal,
  onSignal: (end: () => void) => void,
): Promise<ExitCode> {
  const { mode, isJson } = verifyOptions(flags)
  const show = (result: CheckResult, lines: readonly string[]): ExitCode => {
    terminal.print(isJson ? [JSON.stringify(result, undefined, 2)] : lines)
    return codeOf(result.verdict)
  }
  if (mode.kind === 'check') {
    const result = await checked(mode.files)
    return show(result, checkLines(result, terminal.paint))
  }
  let isEnded = false
  let run: Run | undefined
  onSignal(() => {
    isEnded = true
    run?.abort()
  })
  try {
    run = await newRun(mode, terminal)
  } catch (error) {
    // Ctrl-C reaches servers that are being started, too.
    if (isEnded) return exitCodes.interrupted
    throw error
  }
  if (isEnded) run.abort()
  const stopProgress = showProgress(run, mode, terminal)
  const result = await run.run().finally(stopProgress)
  const code = show(result, runLines(result, terminal.paint))
  return isEnded ? exitCodes.interrupted : code
}

async function checked(files: readonly string[]): Promise<CheckResult> {
  const { verdict: history, boundMs, evidence } = await judge(files)
  const verdict = verdictOf(history.violationCount, [])
  return { schemaVersion, command: 'verify', verdict, missing: [], boundMs, history, evidence }
}

/** Servers that were started for a run that can't be made are ended. */
async function newRun(mode: GivenMode | OwnMode, terminal: Terminal): Promise<Run> {
  const options = await runOptions(mode, terminal)
  try {
    return new Run(options)
  } catch (error) {
    await options.target.close()
    throw error
  }
}

async function runOptions(mode: GivenMode | OwnMode, terminal: Terminal): Promise<RunOptions> {
  if (mode.kind === 'given') {
    const target = new GivenTarget(mode.address)
    return { ...mode, target, servers: undefined }
  }
  terminal.say('starting a primary, a replica and a Sentinel')
  const servers = await OwnServers.start()
  return { ...mode, target: servers, servers, withServerFaults: true }
}

function showProgress(run: Run, mode: GivenMode | OwnMode, terminal: Terminal): () => void {
  let isOver = false
  const show = () => {
    if (isOver) return
    terminal.progress(() => progressLine(run.progress, mode.operations))
    systemClock.timer(progressEveryMs, show, 'background')
  }
  show()
  return () => {
    isOver = true
  }
}

function progressLine({ seconds, operations, faults }: Progress, wanted: number): string {
  const minutes = Math.floor(seconds / 60)
  const time = `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
  const share = `${number(operations)} of ${number(wanted)} operations`
  return `${time}  ${share}, ${faults.done} of ${faults.of} faults`
}

function codeOf(verdict: Verdict): ExitCode {
  if (verdict === 'coherent') return exitCodes.fine
  return verdict === 'violated' ? exitCodes.found : exitCodes.incomplete
}
