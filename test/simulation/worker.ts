/** Runs plans in a process of its own, so that both cores of a machine are used. */
import type * as Testing from 'staleproof/testing'
import { serveCalls } from '../servers/worker.ts'
import { type Job, type JobReport, jobOfPlan, planOfJob } from './job.ts'

export interface WorkerInit {
  /** The library to simulate: a specifier or the address of a file. */
  readonly library: string
}

export type SimulationCalls = {
  run(jobs: readonly Job[]): Promise<readonly JobReport[]>
  shrink(job: Job): Promise<Job>
}

serveCalls(async ({ library }: WorkerInit): Promise<SimulationCalls> => {
  const { planOf, runPlan, shrinkPlan }: typeof Testing = await import(library)
  return {
    async run(jobs) {
      const reports: JobReport[] = []
      for (const job of jobs) reports.push({ job, ...(await runPlan(planOfJob(job, planOf))) })
      return reports
    },
    async shrink(job) {
      const fails = async (plan: Testing.Plan) => (await runPlan(plan)).violations.length > 0
      return jobOfPlan(job, await shrinkPlan(planOfJob(job, planOf), fails))
    },
  }
})
