/** One examination: connects, gathers facts, judges them, and tells what it has sent. */
import { StaleproofError } from '../core/errors.ts'
import { allowedCommands, hotKeysCommands, openInspection } from '../inspect/index.ts'
import { systemClock } from '../system.ts'
import type { Check } from './check.ts'
import { checks } from './checks/index.ts'
import {
  countIn,
  type DoctorOptions,
  doctorDefaults,
  doctorName,
  durationIn,
} from './doctor-options.ts'
import type { Facts } from './facts.ts'
import { countsOf, type DoctorReport } from './finding.ts'
import type { GatherOptions } from './gather/context.ts'
import { gatherFacts } from './gather/gather.ts'
import { registryOfCatalog } from './registry.ts'
import { runChecks } from './run-checks.ts'

/** Rejects with `SP_REDIS_DOWN` where there is no server, and `SP_OPTION_INVALID`. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const chosen = chosenChecks(options)
  const clock = options.clock ?? systemClock
  const startedMs = clock.wallMs()
  const startMs = clock.now()
  const asked = resolved(options)
  const inspection = await openInspection(options.redis, {
    name: doctorName,
    allowed: options.hotKeys ? [...allowedCommands, ...hotKeysCommands] : allowedCommands,
    commandsPerSecond: doctorDefaults.commandsPerSecond,
    noTouch: true,
    clock,
  })
  try {
    const context = { inspection, clock, options: asked }
    const facts = await gatherFacts(context, {
      registry: options.catalog && registryOfCatalog(options.catalog),
      code: options.code
        ? { value: options.code }
        : { missing: 'no --code was given', isMoot: true },
      isSampleNeeded: chosen.some(looksAtKeys),
    })
    const findings = await runChecks(chosen, facts)
    return {
      schemaVersion: 1,
      startedMs,
      durationMs: Math.round(clock.now() - startMs),
      server: facts.need('server'),
      commands: inspection.counts(),
      ...sampledIn(facts),
      counts: countsOf(findings),
      findings,
      suppressed: 0,
    }
  } finally {
    await inspection.close()
  }
}

function looksAtKeys({ needs, uses = [] }: Check): boolean {
  return [...needs, ...uses].includes('sample')
}

function sampledIn(facts: Facts): Pick<DoctorReport, 'keysSampled' | 'keysTotal' | 'stoppedEarly'> {
  const sample = facts.find('sample')
  return {
    keysSampled: sample?.keys.length ?? 0,
    keysTotal: sample?.total ?? facts.need('info').keyCounts().keys,
    stoppedEarly: sample?.stoppedEarly,
  }
}

/** Throws for a name that is of no check: a slip would silence what it was to show. */
function chosenChecks({ only = [], skip = [] }: DoctorOptions): readonly Check[] {
  for (const name of [...only, ...skip]) refuseUnknown(name)
  return checks.filter(({ id }) => {
    const isWanted = only.length === 0 || only.some((name) => isOf(id, name))
    return isWanted && !skip.some((name) => isOf(id, name))
  })
}

function isOf(id: string, name: string): boolean {
  return id === name || id.replace(/\d+$/, '') === name
}

function refuseUnknown(name: string): void {
  if (checks.some(({ id }) => isOf(id, name))) return
  throw new StaleproofError('SP_OPTION_INVALID', 'There is no such check', {
    expected: 'an id such as MEM03, or MEM for all of its family',
    received: `'${name}'`,
  })
}

function resolved(options: DoctorOptions): GatherOptions {
  return {
    namespace: options.namespace,
    windowMs: durationIn(options.window, 'window', doctorDefaults.windowMs),
    budgetMs: durationIn(options.budget, 'budget', doctorDefaults.budgetMs),
    keysMax: countIn(options.keysMax, 'keysMax', doctorDefaults.keysMax),
    isDeep: options.deep ?? false,
    withValues: options.values ?? false,
    preferReplica: options.preferReplica ?? true,
    withHotKeys: options.hotKeys ?? false,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
  }
}
