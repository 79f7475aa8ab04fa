/** Runs of doctor for this Redis, by one process at a time, and the report that stays there. */
import { isMap, isNumber, isText, listOf, mapOf, shapeOf } from '../base/json-shape.ts'
import { isStaleproofError } from '../core/errors.ts'
import type { DoctorReport, Finding } from '../doctor/index.ts'
import { textOf } from '../inspect/index.ts'
import { type OpsConnection, opsNames, runAll } from '../observe/index.ts'
import { DoctorDesk } from './doctor-desk.ts'
import type { KeyBook } from './key-book.ts'
import type { ResolvedOps } from './ops-options.ts'
import type { OpsCache } from './platform.ts'
import { refusalOf } from './problem.ts'
import { keyTextIn } from './redis-key-index.ts'

export const reportCommands: readonly string[] = ['get', 'set']

const keptMs = 25 * 3_600_000
const lockName = 'staleproof-doctor'
const lockTtlMs = 30_000

export interface DoctorFacts {
  readonly cache: OpsCache
  readonly keys: KeyBook
  readonly connection: OpsConnection | undefined
  readonly options: Pick<ResolvedOps, 'log' | 'redis' | 'clock'>
}

export function doctorDesk(facts: DoctorFacts): DoctorDesk {
  const { cache, connection, options } = facts
  const key = opsNames(cache.about().namespace).doctor
  const run = (ended: AbortSignal) =>
    cache.lock(lockName, { ttl: lockTtlMs }, (lost) => {
      return runOnce(facts, key, AbortSignal.any([lost, ended]))
    })
  return new DoctorDesk({
    run: connection === undefined ? undefined : run,
    stored: () => storedAt(key, connection),
    clock: options.clock,
    failureOf(error) {
      // Another process is at it, and leaves its report for all.
      if (isStaleproofError(error, 'SP_LOCK_TAKEN')) return undefined
      options.log?.warn({ err: error }, 'a run of doctor has failed')
      return refusalOf(error).message
    },
  })
}

async function runOnce(
  { cache, keys, connection, options }: DoctorFacts,
  key: string,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const { redis, clock, log } = options
  if (redis === undefined) throw new TypeError('expected a Redis, got none')
  // The checks are loaded by who runs them: a service that never does has none of them.
  const { runDoctor } = await import('../doctor/index.ts')
  const { namespace } = cache.about()
  const report = shownReport(await runDoctor({ redis, namespace, signal, clock }), keys)
  // It is what was found until then, and would take the place of a whole one.
  signal.throwIfAborted()
  if (connection === undefined) return report
  try {
    await runAll(connection, [['set', key, JSON.stringify(report), 'px', String(keptMs)]])
  } catch (error) {
    log?.warn({ err: error }, 'a report of doctor is known to this process alone')
  }
  return report
}

/** Keys of sensitive families stand in evidence too. */
function shownReport(report: DoctorReport, keys: KeyBook): DoctorReport {
  const findings = report.findings.map((finding): Finding => {
    const { subject, evidence } = finding
    const values = Object.entries(evidence.values).map(([name, value]) => [
      name,
      typeof value === 'string' ? shownName(value, keys) : value,
    ])
    const shown = { ...finding, evidence: { ...evidence, values: Object.fromEntries(values) } }
    return subject === undefined ? shown : { ...shown, subject: shownName(subject, keys) }
  })
  return { ...report, findings }
}

/** Of a slot or a key text; every other text is itself. */
function shownName(name: string, keys: KeyBook): string {
  const text = keyTextIn(name)
  const shown = keys.shown(text)
  return shown === text ? name : shown
}

/** Where Redis is away there is none. */
async function storedAt(
  key: string,
  connection: OpsConnection | undefined,
): Promise<DoctorReport | undefined> {
  const answers = await connection?.pipeline([['get', key]]).catch(() => [])
  const [answer] = answers ?? []
  return answer !== undefined && 'reply' in answer ? reportIn(answer.reply) : undefined
}

/** What another version has left is no report of ours. */
function reportIn(reply: unknown): DoctorReport | undefined {
  try {
    const report: unknown = JSON.parse(textOf(reply) ?? 'null')
    return isReport(report) ? report : undefined
  } catch {
    return undefined
  }
}

function isReport(found: unknown): found is DoctorReport {
  return report(found)
}

const report = shapeOf({
  schemaVersion: (found) => found === 1,
  ...{ startedMs: isNumber, durationMs: isNumber, commands: mapOf(isNumber) },
  ...{ keysSampled: isNumber, keysTotal: isNumber, suppressed: isNumber, counts: mapOf(isNumber) },
  server: shapeOf({ address: isText, kind: isText, version: isText }),
  findings: listOf(
    shapeOf({
      ...{ id: isText, status: isText, title: isText },
      evidence: shapeOf({ values: isMap, commands: listOf(isText) }),
    }),
  ),
})
