/**
 * `npm run bench`: our cache beside others, in one run, on this machine. Prints a table
 * for each scenario and writes `bench/results`. Exits 2 on wrong arguments, 1 when
 * something could not be measured; a missed bar is a result, not a failure.
 */
// First, because of what ioredis does to texts: see docs/benchmarks.md, "Known noise".
import 'staleproof'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type BenchArguments, parseArguments, UsageError, usage } from './arguments.ts'
import type { Scenario } from './contestant.ts'
import { measure } from './measuring.ts'
import { loadPeers } from './peers.ts'
import { type BenchRedis, findRedis, howToGetRedis } from './redis-server.ts'
import { type Measured, settingHere, writeReport } from './report.ts'
import { scenarios, studies } from './scenarios/index.ts'
import type { Study } from './study.ts'
import { verdictsOf } from './verdicts.ts'

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

async function bench(words: BenchArguments): Promise<void> {
  // The compiled file lies in .build/bench, two folders below the root of the package.
  const root = fileURLToPath(new URL('../../', import.meta.url))
  exposeCollector()
  const peers = await loadPeers(join(root, 'bench', 'peers'), tell)
  const redis = await findRedis(process.env)
  try {
    const setting = settingHere(root, redis?.version)
    const versions = Object.entries(setting.versions)
    tell(versions.map(([name, version]) => `${name} ${version}`).join(', '))
    if (redis === undefined) tell(howToGetRedis)
    const measured: Measured[] = []
    for (const scenario of possible(words, redis)) {
      const measuredAt = new Date().toISOString()
      const mode = words.isQuick ? 'quick' : 'full'
      const stage = { redisUrl: redis?.url, peers }
      measured.push(await measure(scenario, stage, { mode, measuredAt, tell }))
      // After each, so that a run that is interrupted leaves what it has measured.
      writeReport(root, { ...setting, measured }, names)
    }
    tell(`\n${summaryOf(measured)}\nWritten: bench/results/latest.json and index.html`)
    if (measured.some(hasFailures)) process.exitCode = 1
  } finally {
    await redis?.stop()
  }
}

/** Those asked for; what the server at hand does not allow is told. */
function possible(
  { only }: BenchArguments,
  redis: BenchRedis | undefined,
): readonly (Scenario | Study)[] {
  const isWanted = ({ name }: Scenario | Study) => only.length === 0 || only.includes(name)
  return [...scenarios, ...studies].filter(isWanted).filter((scenario) => {
    const needsOwn = 'study' in scenario && scenario.needsOwnRedis
    const needsRedis = 'study' in scenario || scenario.needsRedis
    const isPossible = redis === undefined ? !needsRedis : redis.isOwn || !needsOwn
    if (!isPossible) {
      tell(`\n${scenario.name} is left out: it needs a Redis${needsOwn ? ' of its own' : ''}`)
    }
    return isPossible
  })
}

function summaryOf(measured: readonly Measured[]): string {
  const bars = verdictsOf(measured).filter(({ isAim }) => !isAim)
  const reached = bars.filter(({ isReached }) => isReached).length
  return `${reached} of ${bars.length} bars reached. Ratios are what holds on a noisy machine.`
}

function hasFailures({ contests, study, failures }: Measured): boolean {
  const inside = [...contests, ...(study === undefined ? [] : [study])]
  return failures.length > 0 || inside.some((result) => (result.failures ?? []).length > 0)
}

/** The young generation is swept between turns, so that nobody pays for another's garbage. */
function exposeCollector(): void {
  setFlagsFromString('--expose-gc')
  globalThis.gc ??= runInNewContext('gc')
}
