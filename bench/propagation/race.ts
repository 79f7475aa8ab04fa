/** One process invalidates, another reads: how long does the old value live there? */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OpenedLibrary } from '../libraries/library.ts'
import type { Peers } from '../peers.ts'
import { openMessengers } from './messengers.ts'
import type { Report, Watch } from './reader-process.ts'
import { openTruth, type Truth } from './truth.ts'

/** One invalidation. */
export interface Sample {
  /** From the call until the first read elsewhere that no longer gives the old value. */
  readonly lagMs: number
  /** A read that began after the call had returned still gave it. */
  readonly isOldAfterReturn: boolean
}

const answerMsMax = 15_000

export class Race {
  readonly #child: ChildProcess
  readonly #truth: Truth
  readonly #writers: ReadonlyMap<string, OpenedLibrary>
  #keys = 0

  private constructor(
    child: ChildProcess,
    truth: Truth,
    writers: ReadonlyMap<string, OpenedLibrary>,
  ) {
    this.#child = child
    this.#truth = truth
    this.#writers = writers
  }

  static async open(redisUrl: string, namespace: string, peers: Peers): Promise<Race> {
    const program = fileURLToPath(new URL('./reader-process.js', import.meta.url))
    const child = fork(program, [redisUrl, namespace])
    await reportOf(child, 'opened')
    const truth = openTruth(redisUrl, namespace)
    const writers = await openMessengers({ redisUrl, namespace, peers, load: truth.load })
    return new Race(child, truth, writers)
  }

  async sample(library: string): Promise<Sample> {
    const writer = this.#writers.get(library)
    if (writer === undefined) throw new Error(`no writer of ${library}`)
    const key = `k${this.#keys++}`
    await this.#truth.store(key, 1)
    const reading = reportOf(this.#child, 'reading')
    const watch: Watch = { library, key, old: 1 }
    this.#child.send(watch)
    await reading
    const changed = reportOf(this.#child, 'changed')
    await this.#truth.store(key, 2)
    const calledNs = process.hrtime.bigint()
    await writer.invalidate(key)
    const returnedNs = process.hrtime.bigint()
    const report = await changed
    if (report.is !== 'changed') throw new Error(`expected a change, got ${report.is}`)
    return {
      lagMs: Number(BigInt(report.firstNewNs) - calledNs) / 1e6,
      isOldAfterReturn: BigInt(report.lastOldNs) > returnedNs,
    }
  }

  async close(): Promise<void> {
    for (const writer of this.#writers.values()) await writer.close()
    this.#truth.close()
    if (this.#child.exitCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}

/** The next report, which must be of this kind. */
async function reportOf(child: ChildProcess, is: Report['is']): Promise<Report> {
  const signal = AbortSignal.timeout(answerMsMax)
  const [report]: readonly Report[] = await once(child, 'message', { signal })
  if (report?.is === 'failed') throw new Error(report.reason)
  if (report?.is !== is) throw new Error(`expected ${is}, got ${report?.is}`)
  return report
}
