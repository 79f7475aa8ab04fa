/** Several workers that share one list of jobs. */
import { availableParallelism } from 'node:os'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import type { Job, JobReport } from './job.ts'
import type { SimulationCalls, WorkerInit } from './worker.ts'

export interface PoolOptions {
  /** Default: the library as it is. */
  readonly library?: string | undefined
  /** Default: one for each core. */
  readonly workers?: number | undefined
  /** Handed to a worker at once. Default 10. */
  readonly batch?: number | undefined
}

/** A worker that is silent for longer hangs. */
const batchDeadlineMs = 300_000
const batchDefault = 10

export class Pool {
  readonly #workers: readonly TestWorker<SimulationCalls>[]

  readonly #batch: number

  private constructor(workers: readonly TestWorker<SimulationCalls>[], batch: number) {
    this.#workers = workers
    this.#batch = batch
  }

  static async open(options: PoolOptions = {}): Promise<Pool> {
    const { library = 'staleproof/testing', workers = availableParallelism() } = options
    const init: WorkerInit = { library }
    const file = new URL('./worker.ts', import.meta.url)
    const spawned = Array.from({ length: workers }, () =>
      spawnWorker<SimulationCalls>(file, init, { deadlineMs: batchDeadlineMs }),
    )
    return new Pool(await Promise.all(spawned), options.batch ?? batchDefault)
  }

  /** Hands on reports as they come, in no order; ends early when `onReport` returns false. */
  async run(
    jobs: Iterable<Job>,
    onReport: (report: JobReport) => boolean | undefined,
  ): Promise<void> {
    const line = jobs[Symbol.iterator]()
    let goesOn = true
    const work = async (worker: TestWorker<SimulationCalls>) => {
      for (;;) {
        const batch = take(line, this.#batch)
        if (batch.length === 0 || !goesOn) return
        for (const report of await worker.call('run', batch)) {
          if (onReport(report) === false) goesOn = false
        }
      }
    }
    await Promise.all(this.#workers.map(work))
  }

  async shrink(job: Job): Promise<Job> {
    const [worker] = this.#workers
    return worker === undefined ? job : worker.call('shrink', job)
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()))
  }
}

function take(line: Iterator<Job>, most: number): Job[] {
  const batch: Job[] = []
  while (batch.length < most) {
    const next = line.next()
    if (next.done) return batch
    batch.push(next.value)
  }
  return batch
}
