/** Many runs on all cores, and what came of them together. */
import { addTally, emptyTally, type Tally } from 'staleproof/testing'
import { commandOf, type Job, type JobReport } from './job.ts'
import { Pool, type PoolOptions } from './pool.ts'
import { Sightings } from './sightings.ts'

export interface Failure {
  readonly command: string
  readonly violations: readonly string[]
  readonly story: readonly string[]
  /** The same with as little as still fails. */
  readonly shrunk: string
}

export interface Result {
  readonly isClean: boolean
  readonly runs: number
  readonly operations: number
  readonly seconds: number
  readonly tally: Tally
  /** Hundreds of seeds that have not seen what they must. */
  readonly blind: readonly string[]
  readonly failures: readonly Failure[]
}

export interface CampaignOptions extends PoolOptions {
  readonly jobs: Iterable<Job>
  readonly count: number
  readonly tell?: (progress: string) => void
}

/** More of them would be the same one: the run ends. */
const failuresMax = 5
const runsPerLine = 500

export class Campaign {
  readonly #options: CampaignOptions
  readonly #sightings = new Sightings()
  readonly #tally = emptyTally()
  readonly #failed: JobReport[] = []
  #runs = 0
  #operations = 0

  constructor(options: CampaignOptions) {
    this.#options = options
  }

  async run(): Promise<Result> {
    const startedMs = performance.now()
    const pool = await Pool.open(this.#options)
    try {
      await pool.run(this.#options.jobs, (report) => this.#heed(report))
      const failures: Failure[] = []
      for (const report of this.#failed) failures.push(await this.#explain(pool, report))
      const blind = this.#sightings.blind()
      return {
        isClean: failures.length === 0 && blind.length === 0,
        runs: this.#runs,
        operations: this.#operations,
        seconds: (performance.now() - startedMs) / 1000,
        tally: this.#tally,
        blind,
        failures,
      }
    } finally {
      await pool.close()
    }
  }

  #heed(report: JobReport): boolean {
    const { count, tell } = this.#options
    this.#runs++
    this.#operations += report.operations
    this.#sightings.add(report)
    addTally(this.#tally, report.tally)
    if (report.violations.length > 0 && this.#failed.length < failuresMax) this.#failed.push(report)
    if (this.#runs % runsPerLine === 0) {
      tell?.(`${this.#runs} of ${count} runs, ${this.#failed.length} failed`)
    }
    return this.#failed.length < failuresMax
  }

  async #explain(pool: Pool, { job, violations, story }: JobReport): Promise<Failure> {
    const shrunk = commandOf(await pool.shrink(job))
    return { command: commandOf(job), violations, story, shrunk }
  }
}
