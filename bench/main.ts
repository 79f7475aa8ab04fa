/**
 * `npm run bench`: our cache beside others, in one run, on this machine. Prints a table
 * for each contest and writes `bench/results/latest.json`. Exits 2 on wrong arguments, 1
 * when a contestant could not do its work; a missed goal is a result, not a failure.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type BenchArguments, parseArguments, UsageError, usage } from './arguments.ts'
import { type ContestResult, type Pace, runContest } from './contest-run.ts'
import type { Scenario, Stage } from './contestant.ts'
import { loadPeers } from './peers.ts'
import { findRedis, howToGetRedis } from './redis-server.ts'
import { type ScenarioResult, versionsIn, writeReport } from './report.ts'
import { scenarios, studies } from './scenarios/index.ts'
import type { Study, StudyResult } from './study.ts'
import { studyTableOf } from './study-table.ts'
import { tableOf } from './table.ts'

const full: Pace = { rounds: 15, warmUpRounds: 3, share: 1 }
const quick: Pace = { rounds: 7, warmUpRounds: 2, share: 0.5 }

const tell = (line: string) => console.log(line)
const names = [...scenarios, ...studies].map(({ name }) => name)

try {
  const words = parseArguments(process.argv.slice(2), names)
  if (words.wantsHelp) tell(usage(names))
  else await bench(words)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n\n${usage(names)}`)
  process.exitCode = 2
}

async function bench({ isQuick, only }: BenchArguments): Promise<void> {
  // The compiled file lies in .build/bench, two folders below the root of the package.
  const root = fileURLToPath(new URL('../../', import.meta.url))
  exposeCollector()
  const peers = await loadPeers(join(root, 'bench', 'peers'), tell)
  const redis = await findRedis(process.env)
  try {
    tell(versionLine(root, redis?.version))
    if (redis === undefined) tell(howToGetRedis)
    const isWanted = (name: string) => only.length === 0 || only.includes(name)
    const stage = { redisUrl: redis?.url, peers }
    const pace = isQuick ? quick : full
    const results: ScenarioResult[] = []
    for (const scenario of scenarios) {
      if (!isWanted(scenario.name) || (scenario.needsRedis && redis === undefined)) continue
      results.push(await play(scenario, stage, pace))
    }
    const studied: StudyResult[] = []
    for (const study of studies.filter(({ name }) => isWanted(name))) {
      const isPossible = redis !== undefined && (redis.isOwn || !study.needsOwnRedis)
      if (isPossible) studied.push(await examine(study, stage, isQuick))
      else tell(`\n${study.name} is left out: it needs a Redis of its own`)
    }
    const mode = isQuick ? 'quick' : 'full'
    const report = { mode, redis: redis?.version, scenarios: results, studies: studied } as const
    const path = writeReport(root, report)
    tell(`\n${summaryOf(results, studied)}\nWritten to ${path}`)
  } finally {
    await redis?.stop()
  }
}

async function play(scenario: Scenario, stage: Stage, pace: Pace): Promise<ScenarioResult> {
  const contests: ContestResult[] = []
  for (const contest of scenario.contests(stage)) {
    const result = await runContest(contest, pace)
    tell(`\n${tableOf(result)}`)
    contests.push(result)
  }
  return { name: scenario.name, contests }
}

async function examine(study: Study, stage: Stage, isQuick: boolean): Promise<StudyResult> {
  const result = await study.study(stage, isQuick)
  tell(`\n${studyTableOf(result)}`)
  return result
}

function versionLine(root: string, redis = 'no Redis'): string {
  const versions = Object.entries(versionsIn(root)).map(([name, version]) => `${name} ${version}`)
  return [...versions, redis].join(', ')
}

function summaryOf(results: readonly ScenarioResult[], studied: readonly StudyResult[]): string {
  const contests = results.flatMap((result) => result.contests)
  const bars = [...contests, ...studied].flatMap((result): readonly Reachable[] => result.bars)
  const reached = bars.filter(({ isReached }) => isReached).length
  return `${reached} of ${bars.length} bars reached. Ratios are what holds on a noisy machine.`
}

interface Reachable {
  readonly isReached: boolean
}

/** The young generation is swept between turns, so that nobody pays for another's garbage. */
function exposeCollector(): void {
  setFlagsFromString('--expose-gc')
  globalThis.gc ??= runInNewContext('gc')
}
