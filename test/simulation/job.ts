/** One run of the simulation, as it is asked for, reported, and typed to be run again. */
import { type FaultKind, type Plan, planOf, type RunReport } from 'staleproof/testing'

export interface Job {
  readonly kind: FaultKind
  readonly seed: number
  /** Default: as many as a plan has. */
  readonly operations?: number | undefined
  readonly processes?: number | undefined
  /** Indexes of what is left of a plan that was shrunk. */
  readonly kept?: Kept | undefined
}

export interface Kept {
  readonly operations: readonly number[]
  readonly faults: readonly number[]
}

export interface JobReport extends RunReport {
  readonly job: Job
}

export function planOfJob(job: Job, plan: typeof planOf = planOf): Plan {
  const whole = plan(job)
  const { kept } = job
  if (kept === undefined) return whole
  const operations = new Set(kept.operations)
  const faults = new Set(kept.faults)
  return {
    ...whole,
    operations: whole.operations.filter(({ index }) => operations.has(index)),
    faults: whole.faults.filter(({ index }) => faults.has(index)),
  }
}

/** The same job with only what is left of its plan. */
export function jobOfPlan(job: Job, plan: Plan): Job {
  const operations = plan.operations.map(({ index }) => index)
  const faults = plan.faults.map(({ index }) => index)
  return { ...job, kept: { operations, faults } }
}

/** What to type to see it again. */
export function commandOf({ kind, seed, operations, processes, kept }: Job): string {
  const words = ['npm run simulate --', `--fault ${kind}`, `--seed ${seed}`]
  if (operations !== undefined) words.push(`--operations ${operations}`)
  if (processes !== undefined) words.push(`--processes ${processes}`)
  if (kept !== undefined) {
    words.push(`--only-operations ${kept.operations.join(',')}`)
    words.push(`--only-faults ${kept.faults.join(',') || 'none'}`)
  }
  return words.join(' ')
}
