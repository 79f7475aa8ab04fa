/** Looks for a seed that catches an ablation, beginning where one was last found. */
import type { Ablation } from './ablation.ts'
import { editedCopy } from './edited-copy.ts'
import type { Job, JobReport } from './job.ts'
import { Pool } from './pool.ts'

/** Of one kind; an element that nobody misses in so many runs is not shown to be needed. */
export const seedsMax = 400

/** The first report with a violation, or undefined. */
export async function catchIn(ablation: Ablation): Promise<JobReport | undefined> {
  // The seed that is tried first nearly always catches it: a second worker would only be started.
  const pool = await Pool.open({ library: editedCopy(ablation), batch: 1, workers: 1 })
  let caught: JobReport | undefined
  try {
    await pool.run(jobsOf(ablation), (report) => {
      // Only what the checker has found counts: an edit may break more than the promise.
      if (report.story.length > 0) caught ??= report
      return caught === undefined
    })
  } finally {
    await pool.close()
  }
  return caught
}

function* jobsOf({ kind, seed }: Ablation): Generator<Job> {
  for (let tried = 0; tried < seedsMax; tried++) yield { kind, seed: seed + tried }
}
