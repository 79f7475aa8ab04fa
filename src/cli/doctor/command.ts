/** `staleproof doctor`: examines a Redis, and ends with 1 where it finds something serious. */
import { readFileSync } from 'node:fs'
import { StaleproofError } from '../../core/errors.ts'
import {
  auditSource,
  checks,
  type DoctorReport,
  explainedLines,
  type FailOn,
  type Finding,
  fails,
  formatReport,
  isReportFormat,
  parseBaseline,
  parseSuppression,
  type ReportFormat,
  redacted,
  runDoctor,
  withoutKnown,
  withoutSuppressed,
} from '../../doctor/index.ts'
import { systemClock } from '../../system.ts'
import type { Call, Flags } from '../command.ts'
import { redisAddress } from '../connection/address.ts'
import { catalogIn } from '../connection/catalog-file.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, numberIn, textIn, textsIn } from '../flags.ts'
import type { Terminal } from '../terminal.ts'

export async function doctor({ flags, terminal, onSignal }: Call): Promise<ExitCode> {
  const explained = textIn(flags, 'explain')
  if (explained !== undefined) return explain(explained, terminal)
  if (isSet(flags, 'print-acl')) return printRights(flags, terminal)
  const ended = new AbortController()
  onSignal(() => ended.abort())
  // Wrong ones are told before anything is sent.
  const judge = judgeBy(flags)
  const report = judge(await examine(flags, terminal, ended.signal))
  const look = { paint: terminal.paint, showsAll: isSet(flags, 'all') }
  const text = formatReport(report, formatIn(flags), look)
  if (text !== '') terminal.print(text.split('\n'))
  if (ended.signal.aborted) return exitCodes.interrupted
  if (fails(report, failOnIn(flags))) return exitCodes.found
  return isSet(flags, 'strict') && isIncomplete(report) ? exitCodes.incomplete : exitCodes.fine
}

async function examine(
  flags: Flags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const redis = redisAddress(flags)
  const catalog = textIn(flags, 'catalog')
  const code = textIn(flags, 'code')
  const windowMs = numberIn(flags, 'window')
  const budgetMs = numberIn(flags, 'budget')
  return runDoctor({
    redis,
    namespace: textIn(flags, 'namespace'),
    catalog: catalog === undefined ? undefined : await catalogIn(catalog),
    code: code === undefined ? undefined : await auditSource(code),
    window: windowMs,
    budget: budgetMs,
    deep: isSet(flags, 'deep'),
    values: isSet(flags, 'values'),
    hotKeys: isSet(flags, 'hotkeys'),
    preferReplica: !isSet(flags, 'on-primary'),
    only: textsIn(flags, 'only'),
    skip: textsIn(flags, 'skip'),
    signal,
    onProgress: (line) => terminal.progress(line),
  })
}

/** What counts of a report, and what of it may be shown. */
function judgeBy(flags: Flags): (report: DoctorReport) => DoctorReport {
  const suppressions = textsIn(flags, 'suppress').map(parseSuppression)
  const file = textIn(flags, 'baseline')
  const baseline = file === undefined ? [] : parseBaseline(textOf(file))
  return (report) => {
    const known = withoutKnown(report, baseline)
    const counted = withoutSuppressed(known, suppressions, systemClock.wallMs())
    return isSet(flags, 'redact') ? redacted(counted) : counted
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StaleproofError('SP_OPTION_INVALID', "option '--baseline'", {
      expected: 'a file that can be read',
      received: String(cause),
      cause,
    })
  }
}

/** A check that could not be run though it was asked for, or a sample that ended early. */
function isIncomplete({ findings, stoppedEarly }: DoctorReport): boolean {
  const isOpen = ({ status, isMoot }: Finding): boolean =>
    status === 'unknown' || (status === 'skipped' && !isMoot)
  return stoppedEarly !== undefined || findings.some(isOpen)
}

/** Choices are checked by the frame of commands. */
function formatIn(flags: Flags): ReportFormat {
  const name = textIn(flags, 'format') ?? ''
  return isReportFormat(name) ? name : 'pretty'
}

function failOnIn(flags: Flags): FailOn {
  const level = textIn(flags, 'fail-on')
  return level === 'info' || level === 'warn' || level === 'none' ? level : 'crit'
}

function explain(id: string, terminal: Terminal): ExitCode {
  const check = checks.find((one) => one.id === id.toUpperCase())
  if (check === undefined) {
    throw new StaleproofError('SP_OPTION_INVALID', "option '--explain'", {
      expected: `one of ${checks.map((one) => one.id).join(', ')}`,
      received: `'${id}'`,
    })
  }
  terminal.print([terminal.paint('bold', `${check.id} ${check.title}`), ''])
  terminal.print(explainedLines(check))
  return exitCodes.fine
}

async function printRights(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const { aclRules } = await import('../../export/index.ts')
  const namespace = textIn(flags, 'namespace') ?? 'NAMESPACE'
  terminal.print(aclRules({ namespace, role: 'doctor' }).trimEnd().split('\n'))
  return exitCodes.fine
}
