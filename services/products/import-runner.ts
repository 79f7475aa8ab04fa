/**
 * Works on ordered imports, one at a time and a part at a time. A part is one transaction: its
 * products and how far the job is. So a job whose process is killed is gone on with exactly where
 * it was, by whoever sees first that nobody renews its claim; one that nobody can end fails.
 */
import type { Transaction } from '../database/connection.ts'
import { Loop } from '../process/loop.ts'
import { importJobRow } from './changes.ts'
import { type ImportError, importErrorsKept } from './import-job.ts'
import { importedRow, type RowResult, rowsOf } from './import-row.ts'
import { invalidateImport } from './invalidation.ts'
import { writeProducts } from './repositories/import-writes.ts'
import {
  type ClaimedImport,
  claimImport,
  endImport,
  giveBackImport,
  importById,
  keepProgress,
} from './repositories/imports.ts'
import { readSample } from './sample.ts'
import { commitRows, type ProductsServices } from './services.ts'
import { importClaimed, importEnded, importGivenBack, productsImported } from './writes.ts'

const rowsPerPart = 250
const attemptsMax = 3
/** A part takes well under a second. */
const claimMs = 30_000
/** How often is looked for what others have left; an order wakes the runner anyway. */
const lookMs = 5_000
const runnerName = 'runner'

/** Somebody else has taken the job over, because this process was away for too long. */
class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

export class ImportRunner {
  readonly #services: ProductsServices
  readonly #loop: Loop

  constructor(services: ProductsServices) {
    this.#services = services
    this.#loop = new Loop({
      name: 'imports',
      pauseMs: lookMs,
      log: services.log,
      run: (signal) => this.#runAll(signal),
    })
  }

  /** An import was ordered. */
  wake(): void {
    this.#loop.wake()
  }

  /** Lets the part under way end, and gives the job back. */
  close(): Promise<void> {
    return this.#loop.close()
  }

  async #runAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const job = await this.#claim()
      if (job === undefined) return
      await this.#run(job, signal).catch((error: unknown) => this.#leaveToOthers(job, error))
    }
  }

  #leaveToOthers({ id }: ClaimedImport, error: unknown): void {
    if (!(error instanceof ClaimLost)) throw error
    this.#services.log.info({ import: id }, 'another process has taken an import over')
  }

  async #claim(): Promise<ClaimedImport | undefined> {
    const { result } = await commitRows(this.#services, importClaimed, async (transaction) => {
      const job = await claimImport(transaction, claimMs)
      return { result: job, rows: job === undefined ? [] : [importJobRow(job.id)] }
    })
    return result
  }

  async #run(job: ClaimedImport, signal: AbortSignal): Promise<void> {
    if (job.attempts > attemptsMax) {
      return this.#end(job, `it was begun ${attemptsMax} times and never came to its end`)
    }
    // Its last part may have been committed by a process that died before it could say so.
    if (job.attempts > 1) await invalidateImport(this.#services, job.id)
    const lines = rowsOf(job.input ?? (await readSample()))
    const total = lines.length
    for (let start = job.rowsDone; start < total; start += rowsPerPart) {
      if (signal.aborted) return this.#giveBack(job)
      await this.#tellRunning(job, start)
      const end = Math.min(start + rowsPerPart, total)
      await this.#importPart(job, { rows: lines.slice(start, end), start, total })
    }
    await this.#end(job, null)
  }

  /** Not in the database, because it is worth nothing once the job is over. */
  async #tellRunning(job: ClaimedImport, row: number): Promise<void> {
    await this.#services.caches.imports.set(runnerName, { jobId: job.id, row }, { ttl: claimMs })
  }

  async #importPart(job: ClaimedImport, part: Part): Promise<void> {
    await this.#services.transact(productsImported.reason, (transaction) =>
      writePart(transaction, job, part),
    )
    await invalidateImport(this.#services, job.id)
  }

  async #end(job: ClaimedImport, failure: string | null): Promise<void> {
    await commitRows(this.#services, importEnded, async (transaction) => {
      await endImport(transaction, job, failure)
      return { result: undefined, rows: [importJobRow(job.id)] }
    })
    await this.#services.caches.imports.delete(runnerName)
  }

  async #giveBack(job: ClaimedImport): Promise<void> {
    await commitRows(this.#services, importGivenBack, async (transaction) => {
      await giveBackImport(transaction, job)
      return { result: undefined, rows: [importJobRow(job.id)] }
    })
  }
}

interface Part {
  readonly rows: readonly string[]
  readonly start: number
  readonly total: number
}

async function writePart(
  transaction: Transaction,
  job: ClaimedImport,
  { rows, start, total }: Part,
): Promise<void> {
  const results = rows.map(importedRow)
  const products = results.flatMap((one) => (one.kind === 'product' ? [one.imported] : []))
  const { created, updated } = await writeProducts(transaction, products)
  const before = await importById(transaction, job.id)
  if (before === undefined) throw new ClaimLost(job.id)
  const progress = {
    rowsTotal: total,
    rowsDone: start + rows.length,
    created: before.rows.created + created,
    updated: before.rows.updated + updated,
    unchanged: before.rows.unchanged + products.length - created - updated,
    rejected: before.rows.rejected + results.length - products.length,
    errors: [...before.errors, ...errorsIn(results, start)].slice(0, importErrorsKept),
  }
  const isKept = await keepProgress(transaction, job, { progress, claimMs })
  if (!isKept) throw new ClaimLost(job.id)
}

/** Rows are counted from one, as editors do. */
function errorsIn(results: readonly RowResult[], start: number): readonly ImportError[] {
  return results.flatMap((result, index) => {
    if (result.kind === 'product') return []
    return [{ row: start + index + 1, message: result.message }]
  })
}
