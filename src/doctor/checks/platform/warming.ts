/** PLT02, PLT04, PLT05: what is loaded ahead, whether it is of use, and who leads it. */
import type { ProcessFacts, TaskFacts } from '../../../observe/index.ts'
import { type Check, crit, rounded, type Verdict, warn } from '../../check.ts'

const periodsMax = 3
const usedShareMin = 0.2
const loadedMin = 100

const tasks: Check = {
  id: 'PLT02',
  group: 'platform',
  title: 'A warm task does not succeed',
  rule: 'Last run, last success and last error of each task of the process that leads it.',
  thresholds: {
    warn: 'the last success is older than three periods',
    crit: 'a critical task failed last',
  },
  source: 'requirement E1',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'Look at its error, and run it by hand.',
    commands: ['staleproof warm TASK'],
  },
  judge: (facts) =>
    facts.need('processes').flatMap(({ service, atMs, startedMs, parts }) => {
      if (parts.warming?.standing !== 'elected') return []
      const since = (task: TaskFacts) => atMs - (task.lastSuccessMs ?? startedMs)
      return parts.warming.tasks.flatMap((task) => taskVerdict(task, service, since(task)))
    }),
}

function taskVerdict(task: TaskFacts, service: string, sinceSuccessMs: number): Verdict[] {
  const { name, critical, everyMs, failures, lastError, lastRunMs, lastSuccessMs } = task
  const values = { failures, sinceSuccessMs, everyMs, lastError: lastError ?? 'none' }
  const details = { subject: `${name} of ${service}` }
  const failedLast = lastRunMs !== undefined && (lastSuccessMs ?? 0) < lastRunMs && !task.isRunning
  if (critical && failedLast && lastError !== undefined) return [crit(values, details)]
  return sinceSuccessMs > everyMs * periodsMax ? [warn(values, details)] : []
}

const unused: Check = {
  id: 'PLT04',
  group: 'platform',
  title: 'What is loaded ahead is hardly used',
  rule: 'Keys loaded ahead and those of them that were read, from 100 on.',
  thresholds: { warn: 'less than 20 % were used' },
  source: 'our own',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'Load less ahead: a shorter list, or a higher bar for a prediction.',
    commands: ['staleproof services'],
  },
  judge: (facts) =>
    facts
      .need('processes')
      .flatMap(({ service, parts: { preloading, prediction } }) => [
        ...Object.entries(preloading?.families ?? {}).flatMap(([family, { loaded, used }]) =>
          useVerdict({ loaded, used }, `${family} of ${service}`),
        ),
        ...(prediction === undefined
          ? []
          : useVerdict(
              { loaded: prediction.preloads, used: prediction.used },
              `prediction of ${service}`,
            )),
      ]),
}

interface Use {
  readonly loaded: number
  readonly used: number
}

function useVerdict({ loaded, used }: Use, subject: string): Verdict[] {
  if (loaded < loadedMin || used >= loaded * usedShareMin) return []
  return [warn({ loaded, used, usedPercent: rounded((used / loaded) * 100, 1) }, { subject })]
}

const leaders: Check = {
  id: 'PLT05',
  group: 'platform',
  title: 'Two processes believe that they lead the same work',
  rule: 'Processes that say they are elected, by the name of what they lead.',
  thresholds: { crit: 'more than one' },
  source: 'our own',
  needs: ['processes'],
  commands: ['staleproof services'],
  remedy: {
    text: 'For a moment after a failover it is normal. If it stays, a clock or a lock is wrong.',
    commands: ['staleproof services'],
  },
  judge: (facts) => {
    const elected = new Map<string, ProcessFacts[]>()
    for (const leader of facts.need('processes')) {
      const { warming } = leader.parts
      if (warming?.standing !== 'elected') continue
      elected.set(warming.name, [...(elected.get(warming.name) ?? []), leader])
    }
    const several = [...elected].filter(([, processes]) => processes.length > 1)
    return several.map(([subject, processes]) => {
      const names = processes.map(({ process }) => process).join(', ')
      return crit({ processes: names }, { subject })
    })
  },
}

export const warmingChecks: readonly Check[] = [tasks, unused, leaders]
