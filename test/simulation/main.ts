/**
 * `npm run simulate`: many processes with the real cache code on a virtual clock and faulty
 * links, judged by a checker that shares no code with the cache. Progress on stderr, the
 * result on stdout; exits 1 when something was wrong, 2 on wrong arguments.
 */

import { runPlan } from 'staleproof/testing'
import { type Arguments, parseArguments, UsageError, usage } from './arguments.ts'
import { Campaign, type Result } from './campaign.ts'
import { commandOf, type Job, planOfJob } from './job.ts'
import { resultLines } from './result.ts'

/** A plan of more operations is not printed. */
const linesMax = 40

try {
  const words = parseArguments(process.argv.slice(2))
  if (words.wantsHelp) console.log(usage())
  else if (words.replayed === undefined) await campaign(words)
  else await replay(words.replayed)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\n\n${usage()}`)
  process.exitCode = 2
}

async function campaign({ jobs, count, isJson, workers }: Arguments): Promise<void> {
  const result: Result = await new Campaign({ jobs, count, workers, tell: progress }).run()
  process.stderr.write('\n')
  console.log(isJson ? JSON.stringify(result) : resultLines(result).join('\n'))
  if (!result.isClean) process.exitCode = 1
}

async function replay(job: Job): Promise<void> {
  const plan = planOfJob(job)
  console.log(`${commandOf(job)}\n${plan.processes} processes, ${plan.partitions} partition(s)`)
  if (plan.operations.length <= linesMax) for (const each of plan.operations) console.log(each)
  for (const each of plan.faults) console.log(each)
  const report = await runPlan(plan)
  console.log(report.tally)
  for (const line of [...report.violations, ...report.story]) console.log(line)
  console.log(`${report.operations} operations, digest ${report.digest}`)
  if (report.violations.length > 0) process.exitCode = 1
}

function progress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r${text}` : `${text}\n`)
}
